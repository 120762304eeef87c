#include "pace.h"

#include <algorithm>

namespace umm::openai {

Pace::Pace(double requests_per_minute)
    : between_(requests_per_minute > 0 ? seconds(60 / requests_per_minute) : Clock::duration::zero()) {}

void Pace::wait_for_turn(const Halt& halt) {
  const auto resume = [&] {
    const std::lock_guard lock(mutex_);
    return resume_;
  };
  for (;;) {
    halt.sleep_until(resume());
    Clock::time_point turn;
    {
      const std::lock_guard lock(mutex_);
      if (Clock::now() < resume_) continue;
      turn = std::max(next_, Clock::now());
      next_ = turn + between_;
    }
    halt.sleep_until(turn);
    if (resume() <= turn) return;  // else a pause began meanwhile, and the turn has passed in it
  }
}

void Pace::pause_until(Clock::time_point end) {
  const std::lock_guard lock(mutex_);
  resume_ = std::max(resume_, end);
}

}  // namespace umm::openai
