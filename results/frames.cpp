#include "results/frames.h"

#include <fmt/format.h>

#include <cmath>

#include "results/rows_json.h"

namespace umm::results {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AttemptFrame, number, name, host, process, run, stages)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StageBegin, stage, device, seconds)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CurveFrame, stage, points)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ResumePoint, stage, updates, seconds)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StageEnd, stage, totals, costs, curves)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StageStop, stage, status, error, costs)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(EvaluationFrame, evaluation, items, evidence, scores, costs)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ProgressFrame, phase, done, total, unit, note, seconds, rate)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AttemptEnd, outcome, error, evaluations)

void to_json(Json& json, const EvaluationFound& found) {
  json = {{"evaluation", found.evaluation}, {"name", found.name}};
}
void from_json(const Json& json, EvaluationFound& found) {
  json.at("evaluation").get_to(found.evaluation);
  found.name = json.value("name", "");
}

namespace {

// JSON has no such numbers, and neither has the database: a frame with one could not be read again.
void expect_number(double value, std::string_view what) {
  if (!std::isfinite(value))
    throw StoreError(fmt::format("{} is not a number, so it cannot be stored", what));
}

void expect_numbers(const std::vector<CostRow>& costs) {
  for (const auto& cost : costs) {
    expect_number(cost.device_seconds, "the time of phase " + cost.phase);
    expect_number(cost.energy_joules.value_or(0), "the energy of phase " + cost.phase);
    expect_number(cost.model_flops.value_or(0), "the work of phase " + cost.phase);
  }
}

template <typename FrameType>
const FrameType& storable(const FrameType& frame) {
  if constexpr (requires { frame.costs; }) expect_numbers(frame.costs);
  if constexpr (requires { frame.seconds; }) expect_number(frame.seconds, "the number of seconds");
  if constexpr (requires { frame.evidence; })
    for (const auto& row : frame.evidence) expect_number(row.score, "the score of item " + row.item_id);
  if constexpr (requires { frame.scores; })
    for (const auto& score : frame.scores) expect_number(score.value, "the score " + score.name);
  return frame;
}

// For the eye alone, so that anything will do.
ProgressFrame storable(const ProgressFrame& frame) {
  ProgressFrame shown = frame;
  for (double* value : {&shown.seconds, &shown.rate})
    if (!std::isfinite(*value)) *value = 0;
  return shown;
}

}  // namespace

template <typename FrameType>
std::string to_payload(const FrameType& frame) {
  // Text that is not UTF-8 (a plugin's message) must not keep the rest from being recorded.
  return Json(storable(frame)).dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <typename FrameType>
FrameType from_payload(std::string_view payload) {
  try {
    return Json::parse(payload).get<FrameType>();
  } catch (const Json::exception& error) {
    throw StoreError(fmt::format("a frame \"{}\" cannot be read: {}", FrameType::kType, error.what()));
  }
}

#define UMM_FRAME(FrameType)                         \
  template std::string to_payload(const FrameType&); \
  template FrameType from_payload(std::string_view);
UMM_FRAME(AttemptFrame)
UMM_FRAME(StageBegin)
UMM_FRAME(CurveFrame)
UMM_FRAME(ResumePoint)
UMM_FRAME(StageEnd)
UMM_FRAME(StageStop)
UMM_FRAME(EvaluationFrame)
UMM_FRAME(EvaluationFound)
UMM_FRAME(ProgressFrame)
UMM_FRAME(AttemptEnd)
#undef UMM_FRAME

}  // namespace umm::results
