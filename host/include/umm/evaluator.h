// Benchmarks. Evidence (what somebody saw in a picture) and rule (what that is worth) are separate: evidence
// is stored raw, rules are pure functions that run again on it without GPU, network or clock.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "umm/evidence.h"

namespace umm {

// One prompt of a benchmark.
struct EvaluationItem {
  std::string id = {};              // stable within the prompt set, a folder's name without dots: "00017"
  std::string tag = {};             // group that aggregates use
  std::string prompt = {};          // an instruction, where there is a picture to be edited
  std::string metadata = {};        // the record it was made from: an evaluator is made again from these
  std::string source_picture = {};  // file of the picture to be edited; "": there is none
  bool draw_only = false;           // there is nothing that its pictures could be scored by
};

// A picture, and the file that holds it: whole, where the picture is a cell of it.
struct PictureFile {
  std::string path = {};
  std::string bytes = {};
  Image image = {};
};

// Where the benchmark's own scorer looks for a picture: a file below its folder, or a cell of a file that
// holds several in `grid` rows and columns.
struct OfficialPicture {
  std::string stem = {};  // path without extension: "00017/samples/00000"
  int64_t grid = 1;       // 1: the file is the picture
  int64_t cell = 0;       // left to right, then down, below grid x grid
};

enum class ScoreStatus {
  scored,
  unparsable,  // what there is says no score, as a judge's reply
  refused,     // a judge would not say
  failed,      // there is no whole reply
  missing      // there is no picture, or none that can be read
};

UMM_API const char* to_text(ScoreStatus status);

struct ItemScore {
  double value = 0;         // 0 unless scored
  std::string reason = {};  // why it is not full marks, or not scored; "" if it is
  ScoreStatus status = ScoreStatus::scored;
  std::vector<std::pair<std::string, double>> components =
      {};  // that `value` is made of: {"SC", 7}, {"PQ", 5}
};

// What aggregates are made of: every picture asked for, those without a score among them.
struct ScoredImage {
  const EvaluationItem* item = nullptr;
  int64_t image_index = 0;
  ItemScore score = {};
  const std::string* evidence = nullptr;  // nullptr where the picture is missing
};

struct NamedScore {
  std::string name = {};  // "overall", "color_attr", ...
  double value = 0;
  int64_t num_images = 0;    // that it speaks for
  int64_t num_unscored = 0;  // of them, without a score
};

// A mean over pictures, those without a score left out and counted; or over the means of groups, each of
// which weighs alike whatever its size.
struct UMM_API ScoreMean {
  double sum = 0;
  int64_t weight = 0;  // scores in the sum
  int64_t num_images = 0;
  int64_t num_unscored = 0;

  void add(const ItemScore& score);
  void add(const ScoreMean& group);  // as one score, if it has any
  bool empty() const { return weight == 0; }
  double value() const { return sum / static_cast<double>(weight); }  // NaN where it is empty
  NamedScore named(std::string name) const { return {std::move(name), value(), num_images, num_unscored}; }
};

// Metadata of an item whose record is not known, JSON's null.
inline constexpr const char* kNoRecord = "null";

// Evidence that others published, each piece about one picture. An item that is there again has its next one.
struct EvidenceLog {
  std::string label = {};  // whose pictures they are; "": the file does not say
  std::vector<EvaluationItem> items = {};
  std::vector<std::string> evidence = {};  // of each item; "": it is lacking
  bool items_are_checked = false;          // they are all that the benchmark has, as an option demands
};

// What a person says of a picture, by the names of ItemScore::components and "overall".
struct HumanRating {
  std::string label = {};  // whose picture it is
  std::string item_id = {};
  std::vector<std::pair<std::string, double>> components = {};
};

class UMM_API Evaluator {
 public:
  virtual ~Evaluator();

  // Version of the rules; raised whenever a score could change.
  virtual std::string version() const = 0;

  virtual std::vector<EvaluationItem> items() const = 0;

  // Raw evidence about one picture, as one JSON object. `providers` holds what PluginEntry::asks names.
  // Called on several threads at once where a judge takes as many requests, and so are the providers.
  virtual std::string collect(const EvaluationItem& item, const PictureFile& picture,
                              const EvidenceProviders& providers) const = 0;

  virtual ItemScore score(const EvaluationItem& item, const std::string& evidence) const = 0;  // pure

  // Of picture `image_index` of the item's `images_per_prompt`. By default "<id>", or "<id>_<image_index>"
  // where there are several.
  virtual OfficialPicture official_picture(const EvaluationItem& item, int64_t image_index,
                                           int64_t images_per_prompt) const;

  // Files that others published, in formats of the benchmark's own: its README says which. InputError, which
  // begins with `where`, for a file that is none, and where the benchmark has no such format, as by default.
  virtual std::vector<EvidenceLog> read_log(const std::string& text, const std::string& where) const;
  virtual std::vector<HumanRating> read_ratings(const std::string& text, const std::string& where) const;

  // Named aggregates; "overall" is the headline and comes last. One that no picture speaks for is left out.
  // Pure.
  virtual std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images) const = 0;
};

}  // namespace umm
