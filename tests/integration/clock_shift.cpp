// Loaded before the C library, it sets the wall clock back by UMM_TEST_CLOCK_SHIFT seconds.
#include <dlfcn.h>
#include <sys/time.h>

#include <cstdlib>
#include <ctime>

#define UMM_REPLACES extern "C" __attribute__((visibility("default")))

namespace {

time_t shift() {
  const char* text = std::getenv("UMM_TEST_CLOCK_SHIFT");
  return text != nullptr ? std::atol(text) : 0;
}

}  // namespace

UMM_REPLACES int clock_gettime(clockid_t clock, timespec* now) noexcept {
  using Function = int (*)(clockid_t, timespec*);
  static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "clock_gettime"));
  const int result = real(clock, now);
  if (result == 0 && clock == CLOCK_REALTIME) now->tv_sec -= shift();
  return result;
}

UMM_REPLACES int gettimeofday(timeval* now, void*) noexcept {
  timespec exact{};
  const int result = clock_gettime(CLOCK_REALTIME, &exact);
  *now = {exact.tv_sec, exact.tv_nsec / 1000};
  return result;
}

UMM_REPLACES time_t time(time_t* now) noexcept {
  timespec exact{};
  clock_gettime(CLOCK_REALTIME, &exact);
  if (now != nullptr) *now = exact.tv_sec;
  return exact.tv_sec;
}
