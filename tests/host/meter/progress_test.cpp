#include "meter/progress.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

namespace umm {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Progress, LineSaysWhereItStands) {
  std::ostringstream out;
  Progress progress("reca: train", 400, "updates", 3600, {&out, false, 10});
  progress.update(100, "loss 1.5");
  EXPECT_THAT(progress.line(), StartsWith("reca: train: 100/400 updates (25 %), "));
  EXPECT_THAT(progress.line(), HasSubstr(" left, 1.0000 device-hours, loss 1.5"));
}

TEST(Progress, FileGetsFirstAndLastLine) {
  std::ostringstream out;
  {
    Progress progress("a", 3, "pictures", 0, {&out, false, 1000});
    for (int64_t done = 1; done <= 3; ++done) progress.update(done);
  }
  EXPECT_THAT(out.str(), HasSubstr("a: 1/3 pictures"));
  EXPECT_THAT(out.str(), ::testing::Not(HasSubstr("a: 2/3 pictures")));
  EXPECT_THAT(out.str(), HasSubstr("a: 3/3 pictures (100 %)"));
  EXPECT_THAT(out.str(), ::testing::Not(HasSubstr("\r")));
}

TEST(Progress, WhatStopsEarlyShowsWhere) {
  std::ostringstream out;
  {
    Progress progress("a", 9, "pictures", 0, {&out, false, 1000});
    progress.update(1);
    progress.update(4);
  }
  EXPECT_THAT(out.str(), HasSubstr("a: 4/9 pictures"));
}

TEST(Progress, TerminalDrawsOneLineAgain) {
  std::ostringstream out;
  {
    Progress progress("a", 2, "pictures", 0, {&out, true, 0});
    progress.update(1);
    progress.update(2);
  }
  const auto text = out.str();
  EXPECT_THAT(text, StartsWith("\ra: 1/2"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(Progress, ResumedRateCountsOnlyWhatFollows) {
  std::ostringstream out;
  Progress progress("a", 1000, "updates", 0, {&out, false, 1000});
  progress.resume_at(900);
  progress.update(900);
  EXPECT_THAT(progress.line(), HasSubstr(" 0/s, ? left"));
}

}  // namespace
}  // namespace umm
