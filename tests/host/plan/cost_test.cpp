#include "plan/cost.h"

#include <gtest/gtest.h>

#include <numeric>

namespace umm {
namespace {

TEST(Cost, IsTheMeanAndOneInTenOnEitherSide) {
  std::vector<double> seconds(101);
  std::iota(seconds.begin(), seconds.end(), 0.0);
  const Cost cost = cost_of_samples(seconds, 3600);
  EXPECT_EQ(cost.source, CostSource::history);
  EXPECT_DOUBLE_EQ(cost.hours, 50);
  EXPECT_DOUBLE_EQ(cost.low, 10);
  EXPECT_DOUBLE_EQ(cost.high, 90);
  EXPECT_EQ(cost.num_samples, 101);
}

TEST(Cost, OfFewTheExtremesCount) {
  const Cost three = cost_of_samples({1, 2, 6}, 1200);
  EXPECT_DOUBLE_EQ(three.hours, 1);
  EXPECT_DOUBLE_EQ(three.low, 1.0 / 3);
  EXPECT_DOUBLE_EQ(three.high, 2);
  const Cost one = cost_of_samples({2}, 1800);
  EXPECT_DOUBLE_EQ(one.low, 1);
  EXPECT_DOUBLE_EQ(one.high, 1);
}

}  // namespace
}  // namespace umm
