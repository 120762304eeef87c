#include "umm/stop.h"

#include <atomic>

namespace umm {
namespace {

std::atomic<bool> stop_flag{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only use lock-free atomics");

}  // namespace

bool stop_requested() {
  return stop_flag;
}
void request_stop(bool stop) {
  stop_flag = stop;
}

}  // namespace umm
