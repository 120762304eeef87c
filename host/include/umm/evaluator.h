// Benchmarks. Evidence (what a detector saw) and rule (what that is worth) are separate: evidence is
// stored raw, rules are pure functions that run again on it without GPU, network or clock.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "umm/image.h"

namespace umm {

// One object found in a picture. Box in pixels, x2 and y2 exclusive, y downwards.
struct Detection {
  std::string label = {};
  double score = 0;  // 0..1
  float x1 = 0, y1 = 0, x2 = 0, y2 = 0;
  std::vector<uint8_t> mask = {};  // height x width of 0/1; may be empty
};

// Finds objects. Implemented by Mask2Former for photographs, by an oracle for a procedural world.
class UMM_API ObjectDetector {
 public:
  virtual ~ObjectDetector();
  virtual std::string version() const = 0;  // changes whenever a detection could
  virtual std::vector<Detection> detect(const Image& image) = 0;

  // One score per colour for the object; the largest wins. CLIP on the masked crop, or the oracle's reading.
  virtual std::vector<double> color_scores(const Image& image, const Detection& object,
                                           const std::vector<std::string>& colors) = 0;
};

// One prompt of a benchmark.
struct EvaluationItem {
  std::string id;        // stable within the prompt set: "00017"
  std::string tag;       // group that aggregates use
  std::string prompt;
  std::string metadata;  // the benchmark's own record, one JSON object
};

struct ItemScore {
  double value = 0;
  std::string reason;  // why it is not full marks; "" if it is
};

struct ScoredImage {
  const EvaluationItem* item = nullptr;
  int64_t image_index = 0;
  double value = 0;
};

struct NamedScore {
  std::string name;  // "overall", "color_attr", ...
  double value = 0;
};

class UMM_API Evaluator {
 public:
  virtual ~Evaluator();

  // Version of the rules; raised whenever a score could change.
  virtual std::string version() const = 0;

  virtual std::vector<EvaluationItem> items() const = 0;

  // Raw evidence about one picture, as one JSON object. `detector` is the one the spec names.
  virtual std::string collect(const EvaluationItem& item, const Image& image,
                              ObjectDetector& detector) const = 0;

  virtual ItemScore score(const EvaluationItem& item, const std::string& evidence) const = 0;  // pure

  // Named aggregates; "overall" is the headline and comes last. Pure.
  virtual std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images) const = 0;
};

}  // namespace umm
