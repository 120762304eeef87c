// GenEval's scoring rules: pure functions over stored evidence.
// Ghosh et al., GenEval (NeurIPS 2023), section 3; behaviour of evaluate_images.py at revision af4902f.
// All arithmetic on boxes and scores is float32, as there: results at a threshold depend on it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace umm::geneval {

// The order is the index of the colour scores.
inline constexpr std::array<const char*, 10> kColors = {"red",    "orange", "yellow", "green", "blue",
                                                        "purple", "pink",   "brown",  "black", "white"};

struct Box {
  float x1 = 0, y1 = 0, x2 = 0, y2 = 0;  // pixels, y downwards
};

// What a detector saw, below any threshold.
struct Evidence {
  std::string label;
  float score = 0;
  Box box;
  std::vector<double> color_scores;  // one per colour; empty where no clause asks this class's colour
};

enum class Relation { left_of, right_of, above, below };
inline constexpr std::array<const char*, 4> kRelations = {"left of", "right of", "above", "below"};

struct Position {
  Relation relation = Relation::left_of;
  size_t target = 0;  // index of an earlier include clause
};

struct Clause {
  std::string label;
  size_t count = 1;
  std::optional<size_t> color;  // index into kColors
  std::optional<Position> position;
};

// One prompt. "a photo of A left of B" has B as clause 0 and A as clause 1 with the position.
struct Record {
  std::string tag;
  std::string prompt;
  std::vector<Clause> include;  // all must hold
  std::vector<Clause> exclude;  // none may hold; only label and count are read
};

struct Thresholds {
  float score = 0.3F;           // detections with a larger score count
  float counting_score = 0.9F;  // the same for the tag "counting"
  size_t max_objects = 16;      // best detections kept per class
  float max_overlap = 1;        // IoU from which a lesser box is dropped; exactly 1: none is
  float position = 0.1F;        // share of both boxes' sizes that an offset must exceed
};

struct Verdict {
  bool correct = true;
  std::vector<std::string> reasons;  // why not, one per failed clause
};

// Relations that hold of `a` to `b`; two can hold together.
std::vector<Relation> relations(const Box& a, const Box& b, float position_threshold);

// Intersection over union with both corner pixels counted as inside.
float overlap(const Box& a, const Box& b);

// The detections of `label` that count, best first; equal scores keep the detector's order.
std::vector<const Evidence*> kept(const std::vector<Evidence>& evidence, const std::string& label,
                                  float score_threshold, const Thresholds& thresholds);

// Throws Error where a clause asks a colour that the evidence does not hold.
Verdict judge(const Record& record, const std::vector<Evidence>& evidence, const Thresholds& thresholds);

}  // namespace umm::geneval
