// `ummbench score`: a benchmark's rules over pictures, or over evidence, that come from elsewhere.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "results/frames.h"
#include "score/agreement.h"
#include "score/external_run.h"
#include "score/official_pictures.h"

namespace umm {

struct ScoreOutcome {
  std::string label = {};
  std::string evaluator = {};
  std::string protocol_hash = {};
  results::EvaluationFrame result = {};  // evidence, costs
  std::vector<NamedScore> scores = {};
  std::vector<std::pair<std::string, ItemScore>> item_scores = {};  // by the item's id
  int64_t asked = 0;                                                // pictures that the benchmark asks for
  OfficialPictures pictures = {};                                   // none where evidence was scored
  std::vector<UnreadablePicture> unreadable = {};

  int64_t num_unscored() const;  // of `asked`: missing, unreadable, refused, ...
};

struct Scored {
  std::vector<ScoreOutcome> outcomes = {};
  std::vector<Agreement> agreements = {};
  bool only_log_says_items = false;  // nobody but a log says what there was to be scored
  bool in_database = false;          // false: recorded, and another process held the database too long
};

// Pictures in `folder`. nullopt: stopped by request, and nothing is recorded; the judge's replies so far are
// kept.
std::optional<Scored> score_pictures(const ExternalRun& external, const std::filesystem::path& folder,
                                     const Catalogue& catalogue, const std::string& program_version);

// Evidence in a file: JSON lines {"item", "image", "evidence"} about the prompts, or what the benchmark's own
// reader of published logs takes, which brings its items; then one outcome for each label there, over the
// items of all labels. Nothing is stored where a file of `ratings` is none. nullopt: as above.
std::optional<Scored> score_evidence(const ExternalRun& external, const std::string& file,
                                     const std::vector<std::string>& ratings, const Catalogue& catalogue,
                                     const std::string& program_version);

}  // namespace umm
