// Whether asking on is of use. All that waits looks here, so nothing waits on when the process is to stop or
// when one request has shown that no other can succeed.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

namespace umm::openai {

using Clock = std::chrono::steady_clock;

// A double of seconds, as a clock takes it.
inline Clock::duration seconds(double count) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(count));
}

class Halt {
 public:
  // From now on check() throws InputError(reason); the first reason stands.
  void give_up(const std::string& reason);

  void check() const;  // also throws Error where the process was asked to stop

  void sleep_until(Clock::time_point end) const;  // checks often

  static constexpr double kLookEverySeconds = 0.05;

 private:
  mutable std::mutex mutex_;
  std::string reason_;
};

}  // namespace umm::openai
