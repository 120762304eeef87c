#include "results/rank_correlation.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

namespace umm::results {
namespace {

using ::testing::ElementsAre;

TEST(RankCorrelation, EqualValuesShareTheMeanOfTheirPlaces) {
  EXPECT_THAT(average_ranks({3, 1, 3, 0, 3}), ElementsAre(4, 2, 4, 1, 4));
  EXPECT_THAT(average_ranks({}), ElementsAre());
}

// Without ties rho = 1 - 6 sum(d^2) / (n (n^2 - 1)), a formula of its own.
TEST(RankCorrelation, AgreesWithTheFormulaForDistinctValues) {
  std::mt19937_64 engine(3);
  for (int round = 0; round < 20; ++round) {
    std::vector<double> a(30), b(30);
    for (size_t i = 0; i < a.size(); ++i) a[i] = b[i] = static_cast<double>(i + 1);
    std::shuffle(a.begin(), a.end(), engine);
    std::shuffle(b.begin(), b.end(), engine);
    double squares = 0;
    for (size_t i = 0; i < a.size(); ++i) squares += (a[i] - b[i]) * (a[i] - b[i]);
    const double expected = 1 - 6 * squares / (30.0 * (30 * 30 - 1));
    // Any rising function of a side leaves the order as it is.
    for (double& value : a) value = std::exp(value / 10) - 5;
    EXPECT_NEAR(spearman(a, b), expected, 1e-12);
  }
}

// By hand: ranks 1, 2.5, 2.5, 4 and 1.5, 1.5, 3, 4; products sum to 3.75, squares to 4.5 and 4.5.
TEST(RankCorrelation, CountsTies) {
  EXPECT_NEAR(spearman({1, 2, 2, 3}, {5, 5, 7, 9}), 3.75 / 4.5, 1e-12);
  EXPECT_NEAR(spearman({1, 2, 2, 3}, {-1, -2, -2, -3}), -1, 1e-12);
}

TEST(RankCorrelation, IsNoNumberWhereThereIsNoOrder) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(spearman({}, {})));
  EXPECT_TRUE(std::isnan(spearman({1}, {2})));
  EXPECT_TRUE(std::isnan(spearman({1, 1}, {1, 2})));
  EXPECT_TRUE(std::isnan(spearman({1, 1}, {3, 3})));
  EXPECT_TRUE(std::isnan(spearman({1, nan}, {1, 2})));
  EXPECT_THROW(spearman({1, 2}, {1}), std::invalid_argument);
}

}  // namespace
}  // namespace umm::results
