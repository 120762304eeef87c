// What the stage that a journal calls begun has come to.
#pragma once

#include <cstdint>
#include <optional>

#include "results/frames.h"
#include "results/journal.h"

namespace umm::results {

struct StageUnderWay {
  StageBegin begin;
  double kept_seconds = 0;   // of training, by the latest resume point, earlier processes' included
  double seen_seconds = 0;   // the same by the latest report
  int64_t last_wall_ns = 0;  // of the latest frame

  double seconds_of_process() const;  // kept by this process's resume points
  double lost_seconds() const;        // where the process dies now
};

// nullopt between stages. Give it every frame of a journal, in order.
void follow(std::optional<StageUnderWay>& stage, const Frame& frame);

}  // namespace umm::results
