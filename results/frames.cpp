#include "results/frames.h"

#include <fmt/format.h>

#include "results/rows_json.h"

namespace umm::results {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AttemptFrame, number, name, host, process, run, stages)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StageBegin, stage, device, seconds)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ResumePoint, stage, updates, seconds)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StageEnd, stage, totals, costs, curves)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StageStop, stage, status, error, costs)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(EvaluationFrame, evaluation, items, evidence, scores, costs)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(EvaluationFound, evaluation)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ProgressFrame, phase, done, total, unit, note, seconds, rate)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AttemptEnd, outcome, error, evaluations)

template <typename FrameType>
std::string to_payload(const FrameType& frame) {
  // Text that is not UTF-8 (a plugin's message) must not keep the rest from being recorded.
  return Json(frame).dump(-1, ' ', false, Json::error_handler_t::replace);
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
UMM_FRAME(ResumePoint)
UMM_FRAME(StageEnd)
UMM_FRAME(StageStop)
UMM_FRAME(EvaluationFrame)
UMM_FRAME(EvaluationFound)
UMM_FRAME(ProgressFrame)
UMM_FRAME(AttemptEnd)
#undef UMM_FRAME

}  // namespace umm::results
