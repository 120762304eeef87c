// How fast requests may follow each other.
#pragma once

#include <mutex>

#include "halt.h"

namespace umm::openai {

// A bucket of one token: requests start evenly spaced, so that no minute holds more than were allowed.
class Pace {
 public:
  explicit Pace(double requests_per_minute);  // 0: no limit

  void wait_for_turn(const Halt& halt);
  void pause_until(
      Clock::time_point end);  // for all: a server that asks one to wait would tell the next the same

 private:
  Clock::duration between_;
  std::mutex mutex_;
  Clock::time_point next_ = {};
  Clock::time_point resume_ = {};
};

}  // namespace umm::openai
