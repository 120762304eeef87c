// GenEval's scoring rules, see rules.h. Steps and their order: section 1.2 of the reference's behaviour.
#include "rules.h"

#include <algorithm>
#include <cmath>

#include "umm/error.h"

namespace umm::geneval {
namespace {

constexpr float kNoOffset = 1e-3F;     // revised offsets below this, in pixels, are no relation
constexpr float kMinDirection = 0.5F;  // share of the offset's length along an axis

using Group = std::vector<const Evidence*>;

// The part of `offset` beyond `slack`, with its sign.
float beyond(float offset, float slack) {
  return std::copysign(std::max(std::abs(offset) - slack, 0.0F), offset);
}

size_t color_of(const Evidence& object) {
  const std::vector<double>& scores = object.color_scores;
  UMM_CHECK(scores.size() == kColors.size(), "expected ", kColors.size(), " colour scores for the ",
            object.label, ", found ", scores.size(), ": collect this picture's evidence again");
  return static_cast<size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

// Why `objects` are not of the clause's colour; "" if they are.
std::string color_problem(const Clause& clause, const Group& objects) {
  size_t matching = 0;
  std::string seen;
  for (const Evidence* object : objects) {
    const size_t color = color_of(*object);
    if (color == *clause.color) ++matching;
    seen += (seen.empty() ? "" : ", ") + std::string(kColors[color]);
  }
  if (matching >= clause.count) return "";
  return detail::concat("wanted ", clause.count, " ", kColors[*clause.color], " ", clause.label, ", saw ",
                        seen);
}

// Why some object does not stand where the clause says; "" if every pair does.
std::string position_problem(const Clause& clause, const Group& objects, const Clause& target,
                             const std::optional<Group>& target_objects, float position_threshold) {
  const Relation wanted = clause.position->relation;
  const std::string sentence =
      clause.label + " " + kRelations[static_cast<size_t>(wanted)] + " " + target.label;
  if (!target_objects) return "cannot place " + sentence + ": the " + target.label + " did not pass";
  for (const Evidence* object : objects) {
    for (const Evidence* other : *target_objects) {
      const std::vector<Relation> found = relations(object->box, other->box, position_threshold);
      if (std::find(found.begin(), found.end(), wanted) != found.end()) continue;
      std::string seen;
      for (Relation relation : found) {
        seen += (seen.empty() ? "" : " and ") + std::string(kRelations[static_cast<size_t>(relation)]);
      }
      return "wanted " + sentence + ", saw it " + (seen.empty() ? "in no clear direction" : seen);
    }
  }
  return "";
}

// A failed clause stays an empty optional: later clauses cannot refer to it.
struct ClauseResult {
  std::optional<Group> group;
  std::string problem;
};

ClauseResult check_include(const Record& record, size_t index, Group objects,
                           const std::vector<std::optional<Group>>& earlier, const Thresholds& thresholds) {
  const Clause& clause = record.include[index];
  if (objects.size() < clause.count) {
    return {std::nullopt,
            detail::concat("wanted at least ", clause.count, " ", clause.label, ", saw ", objects.size())};
  }
  objects.resize(clause.count);
  if (clause.color) {
    if (std::string problem = color_problem(clause, objects); !problem.empty())
      return {std::nullopt, problem};
  }
  if (clause.position) {
    const size_t target = clause.position->target;
    std::string problem =
        position_problem(clause, objects, record.include[target], earlier[target], thresholds.position);
    if (!problem.empty()) return {std::nullopt, problem};
  }
  return {objects, ""};
}

}  // namespace

std::vector<Relation> relations(const Box& a, const Box& b, float position_threshold) {
  const float offset_x = (a.x1 + a.x2) / 2 - (b.x1 + b.x2) / 2;
  const float offset_y = (a.y1 + a.y2) / 2 - (b.y1 + b.y2) / 2;
  const float widths = std::abs(a.x2 - a.x1) + std::abs(b.x2 - b.x1);
  const float heights = std::abs(a.y2 - a.y1) + std::abs(b.y2 - b.y1);
  const float revised_x = beyond(offset_x, position_threshold * widths);
  const float revised_y = beyond(offset_y, position_threshold * heights);
  if (std::abs(revised_x) < kNoOffset && std::abs(revised_y) < kNoOffset) return {};

  // Divided by the length of the whole offset, not of the revised one.
  const float length = std::sqrt(offset_x * offset_x + offset_y * offset_y);
  const float direction_x = revised_x / length;
  const float direction_y = revised_y / length;
  std::vector<Relation> found;
  if (direction_x < -kMinDirection) found.push_back(Relation::left_of);
  if (direction_x > kMinDirection) found.push_back(Relation::right_of);
  if (direction_y < -kMinDirection) found.push_back(Relation::above);
  if (direction_y > kMinDirection) found.push_back(Relation::below);
  return found;
}

float overlap(const Box& a, const Box& b) {
  const auto area = [](float x1, float y1, float x2, float y2) {
    return std::max(x2 - x1 + 1, 0.0F) * std::max(y2 - y1 + 1, 0.0F);
  };
  const float shared =
      area(std::max(a.x1, b.x1), std::max(a.y1, b.y1), std::min(a.x2, b.x2), std::min(a.y2, b.y2));
  const float all = area(a.x1, a.y1, a.x2, a.y2) + area(b.x1, b.y1, b.x2, b.y2) - shared;
  return all > 0 ? shared / all : 0;
}

std::vector<const Evidence*> kept(const std::vector<Evidence>& evidence, const std::string& label,
                                  float score_threshold, const Thresholds& thresholds) {
  Group candidates;
  for (const Evidence& object : evidence) {
    if (object.label == label && object.score > score_threshold) candidates.push_back(&object);
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Evidence* a, const Evidence* b) { return a->score > b->score; });
  if (candidates.size() > thresholds.max_objects) candidates.resize(thresholds.max_objects);
  if (thresholds.max_overlap == 1) return candidates;

  Group best;
  for (const Evidence* candidate : candidates) {
    const bool clear = std::all_of(best.begin(), best.end(), [&](const Evidence* better) {
      return overlap(better->box, candidate->box) < thresholds.max_overlap;
    });
    if (clear) best.push_back(candidate);
  }
  return best;
}

Verdict judge(const Record& record, const std::vector<Evidence>& evidence, const Thresholds& thresholds) {
  const float score_threshold = record.tag == "counting" ? thresholds.counting_score : thresholds.score;
  Verdict verdict;
  std::vector<std::optional<Group>> groups;
  for (size_t index = 0; index < record.include.size(); ++index) {
    Group objects = kept(evidence, record.include[index].label, score_threshold, thresholds);
    ClauseResult result = check_include(record, index, std::move(objects), groups, thresholds);
    if (!result.group) verdict.reasons.push_back(result.problem);
    groups.push_back(std::move(result.group));
  }
  for (const Clause& clause : record.exclude) {
    const size_t seen = kept(evidence, clause.label, score_threshold, thresholds).size();
    if (seen < clause.count) continue;
    verdict.reasons.push_back(
        detail::concat("wanted fewer than ", clause.count, " ", clause.label, ", saw ", seen));
  }
  verdict.correct = verdict.reasons.empty();
  return verdict;
}

}  // namespace umm::geneval
