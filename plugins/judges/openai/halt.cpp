#include "halt.h"

#include <algorithm>
#include <thread>

#include "umm/error.h"
#include "umm/stop.h"

namespace umm::openai {

void Halt::give_up(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  if (reason_.empty()) reason_ = reason;
}

void Halt::check() const {
  UMM_CHECK(!stop_requested(), "stopped while waiting for a judge");
  const std::lock_guard lock(mutex_);
  UMM_CHECK_INPUT(reason_.empty(), reason_);
}

void Halt::sleep_until(Clock::time_point end) const {
  for (check(); Clock::now() < end; check())
    std::this_thread::sleep_until(std::min(end, Clock::now() + seconds(kLookEverySeconds)));
}

}  // namespace umm::openai
