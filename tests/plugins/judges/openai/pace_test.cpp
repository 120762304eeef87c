#include "pace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "patience.h"
#include "umm/error.h"

namespace umm::openai {
namespace {

std::vector<Clock::time_point> starts_of(Pace& pace, int count) {
  std::vector<Clock::time_point> starts(static_cast<size_t>(count));
  const Halt halt;
  {
    std::vector<std::jthread> threads;
    for (Clock::time_point& start : starts)
      threads.emplace_back([&] {
        pace.wait_for_turn(halt);
        start = Clock::now();
      });
  }
  std::sort(starts.begin(), starts.end());
  return starts;
}

TEST(JudgePace, TurnsAreSpacedEvenly) {
  Pace pace(3000);  // each 20 ms
  const auto begin = Clock::now();
  const auto starts = starts_of(pace, 10);
  for (size_t i = 0; i < starts.size(); ++i)
    EXPECT_GE(starts[i] - begin, seconds(0.02 * static_cast<double>(i) - 1e-3)) << i;
}

TEST(JudgePace, APauseIsForAll) {
  Pace pace(0);
  const auto end = Clock::now() + seconds(0.2);
  pace.pause_until(end);
  pace.pause_until(end - seconds(0.1));  // a shorter one does not cut it
  EXPECT_GE(starts_of(pace, 4)[0], end);
}

TEST(JudgePace, GivingUpEndsTheWait) {
  Pace pace(0);
  pace.pause_until(Clock::now() + seconds(1000));
  Halt halt;
  const std::jthread later([&] {
    std::this_thread::sleep_for(seconds(0.1));
    halt.give_up("no use");
    halt.give_up("another reason");
  });
  try {
    pace.wait_for_turn(halt);
    ADD_FAILURE();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "no use");
  }
}

TEST(JudgePatience, BackOffIsAnywhereBelowALimitThatDoubles) {
  const Patience patience{.base_seconds = 1, .cap_seconds = 5};
  const std::vector<std::pair<int, double>> limits = {{1, 1}, {2, 2}, {3, 4}, {4, 5}, {60, 5}};
  for (const auto& [tried, limit] : limits) {
    double least = 1e9, most = 0;
    for (int i = 0; i < 2000; ++i) {
      const double wait = backoff_seconds(patience, tried);
      least = std::min(least, wait);
      most = std::max(most, wait);
    }
    EXPECT_GE(least, 0);
    EXPECT_LT(least, 0.05 * limit);
    EXPECT_LE(most, limit);
    EXPECT_GT(most, 0.95 * limit);
  }
}

}  // namespace
}  // namespace umm::openai
