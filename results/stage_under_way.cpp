#include "results/stage_under_way.h"

#include <algorithm>

namespace umm::results {

double StageUnderWay::seconds_of_process() const {
  return kept_seconds - begin.seconds;
}

double StageUnderWay::lost_seconds() const {
  return std::max(seen_seconds - kept_seconds, 0.0);
}

void follow(std::optional<StageUnderWay>& stage, const Frame& frame) {
  if (frame.type == StageBegin::kType) {
    const auto begin = from_payload<StageBegin>(frame.payload);
    stage = StageUnderWay{begin, begin.seconds, begin.seconds, 0};
  } else if (frame.type == StageEnd::kType || frame.type == StageStop::kType) {
    stage.reset();
  } else if (stage && frame.type == ResumePoint::kType) {
    stage->kept_seconds = from_payload<ResumePoint>(frame.payload).seconds;
  } else if (stage && frame.type == ProgressFrame::kType) {
    stage->seen_seconds = stage->begin.seconds + from_payload<ProgressFrame>(frame.payload).seconds;
  }
  if (stage) stage->last_wall_ns = frame.wall_ns;
}

}  // namespace umm::results
