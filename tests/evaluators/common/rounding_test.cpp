#include "rounding.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace umm::evaluators {
namespace {

// Expected values: Python 3.11's round(value, 2).
TEST(Rounding, IsPythons) {
  const std::vector<std::pair<double, double>> cases = {{0.125, 0.12},
                                                        {0.375, 0.38},
                                                        {2.675, 2.67},
                                                        {1.005, 1.0},
                                                        {0.005, 0.01},
                                                        {0.015, 0.01},
                                                        {0.025, 0.03},
                                                        {2.5, 2.5},
                                                        {4.333333333333333, 4.33},
                                                        {3.1966666666666668, 3.2},
                                                        {-0.125, -0.12},
                                                        {-2.675, -2.67},
                                                        {1000000000000000.0, 1000000000000000.0},
                                                        {123456789.125, 123456789.12},
                                                        {0.0, 0.0},
                                                        {5e-324, 0.0},
                                                        {0.001, 0.0},
                                                        {4.995, 5.0},
                                                        {4.985, 4.99},
                                                        {39.875, 39.88},
                                                        {23.75, 23.75},
                                                        {0.885, 0.89},
                                                        {272.0, 272.0},
                                                        {34.142857142857146, 34.14},
                                                        {333.0, 333.0},
                                                        {40.5, 40.5},
                                                        {4.775, 4.78},
                                                        {3.96875, 3.97},
                                                        {139.5, 139.5},
                                                        {42.0, 42.0},
                                                        {1.0, 1.0},
                                                        {2.04075527487257, 2.04},
                                                        {0.9103783188888936, 0.91},
                                                        {4.337295471345091, 4.34},
                                                        {1.9471865579338448, 1.95},
                                                        {3.8096271379719298, 3.81},
                                                        {0.359658678575136, 0.36}};
  for (const auto& [value, rounded] : cases) EXPECT_EQ(round_to_hundredths(value), rounded) << value;
}

TEST(Rounding, LeavesWhatHasNoHundredths) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(round_to_hundredths(kInfinity), kInfinity);
  EXPECT_TRUE(std::isnan(round_to_hundredths(std::nan(""))));
  EXPECT_EQ(round_to_hundredths(std::numeric_limits<double>::max()), std::numeric_limits<double>::max());
}

}  // namespace
}  // namespace umm::evaluators
