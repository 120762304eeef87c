// Against SciPy, statsmodels and NumPy: golden/statistics.py made the figures.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "results/power.h"
#include "results/statistics.h"

namespace umm::results {
namespace {

using Json = nlohmann::json;

const Json& golden() {
  static const Json figures = [] {
    std::ifstream file(UMM_SOURCE_DIR "/tests/results/golden/statistics.json");
    return Json::parse(file);
  }();
  return figures;
}

// A digit is the number of right pictures out of four.
ScoreGrid grid_of_counts(const std::string& counts, const std::vector<int64_t>& tags) {
  ScoreGrid grid{1 + *std::max_element(tags.begin(), tags.end()), tags, {{}}};
  for (char count : counts) grid.values[0].push_back({(count - '0') / 4.0});
  return grid;
}

// [runs][prompts]: a digit for each picture.
ScoreGrid grid_of_pictures(const Json& runs, const std::vector<int64_t>& tags) {
  ScoreGrid grid{1 + *std::max_element(tags.begin(), tags.end()), tags, {}};
  for (const Json& run : runs) {
    auto& prompts = grid.values.emplace_back();
    for (const std::string prompt : run) {
      auto& pictures = prompts.emplace_back();
      for (char picture : prompt) pictures.push_back(picture - '0');
    }
  }
  return grid;
}

TEST(StatisticsGolden, EverySignFlipAsScipy) {
  for (const Json& test : golden()["exact_tests"]) {
    const std::vector<int64_t> tags = test["tags"];
    EXPECT_NEAR(sign_flip_test(grid_of_counts(test["a"], tags), grid_of_counts(test["b"], tags), 1),
                test["p"], 1e-12);
  }
}

TEST(StatisticsGolden, RandomSignFlipsNearTheExactDistribution) {
  for (const Json& test : golden()["long_tests"]) {
    const std::vector<int64_t> tags(553, 0);
    const double p = test["p"], flips = 100'000;
    EXPECT_NEAR(sign_flip_test(grid_of_counts(test["a"], tags), grid_of_counts(test["b"], tags), 1, 100'000),
                p, 4 * std::sqrt(p * (1 - p) / flips) + 1 / flips);
  }
}

TEST(StatisticsGolden, HierarchicalBootstrapAsNumpy) {
  const Json& test = golden()["bootstrap"];
  const std::vector<int64_t> tags = test["tags"];
  const ScoreGrid a = grid_of_pictures(test["a"], tags), b = grid_of_pictures(test["b"], tags);
  EXPECT_NEAR(overall(a), test["overall_a"], 1e-12);
  // A quantile of 40 000 draws is known to about 0.0006 here.
  const Interval of_a = bootstrap_overall(a, 1, 40'000),
                 of_difference = bootstrap_difference(a, b, 1, 40'000);
  EXPECT_NEAR(of_a.low, test["interval_a"][0], 0.003);
  EXPECT_NEAR(of_a.high, test["interval_a"][1], 0.003);
  EXPECT_NEAR(of_difference.low, test["interval_difference"][0], 0.004);
  EXPECT_NEAR(of_difference.high, test["interval_difference"][1], 0.004);
}

TEST(StatisticsGolden, PlainBootstrapAsScipy) {
  const Json& test = golden()["bootstrap"];
  ScoreGrid grid{1, {}, {{}}};
  const std::vector<int64_t> tags = test["tags"];
  for (size_t prompt = 0; prompt < tags.size(); ++prompt) {
    if (tags[prompt] != 0) continue;
    grid.tag_of_prompt.push_back(0);
    grid.values[0].push_back({test["a"][0][prompt].get<std::string>()[0] - 48.0});
  }
  const Interval interval = bootstrap_overall(grid, 1, 40'000);  // steps of 1/30
  EXPECT_NEAR(interval.low, test["plain"][0], 1e-9);
  EXPECT_NEAR(interval.high, test["plain"][1], 1e-9);
}

TEST(StatisticsGolden, HolmAsStatsmodels) {
  for (const Json& family : golden()["holm"]) {
    const std::vector<double> corrected = holm_correction(family["p"]), expected = family["corrected"];
    ASSERT_EQ(corrected.size(), expected.size());
    for (size_t i = 0; i < corrected.size(); ++i) EXPECT_NEAR(corrected[i], expected[i], 1e-12);
  }
}

TEST(StatisticsGolden, PowerAsStatsmodels) {
  const Json& test = golden()["power"];
  for (const Json& item : test["cases"]) EXPECT_NEAR(detection_power(item["effect"], 1), item["power"], 1e-9);
  const PairVariances one{.row_sum = 1, .num_row_pairs = 1};
  EXPECT_NEAR(*detectable_difference(one, 1), test["detectable_effect"], 1e-12);
}

// The same on every compiler and standard library: bits of the generator, integers and sums in a fixed order.
TEST(StatisticsGolden, DrawsAreOurs) {
  const Json& test = golden()["bootstrap"];
  const ScoreGrid a = grid_of_pictures(test["a"], test["tags"]),
                  b = grid_of_pictures(test["b"], test["tags"]);
  const Interval interval = bootstrap_overall(a, 7, 500);
  EXPECT_NEAR(interval.low, 0.51893518518518522, 1e-12);
  EXPECT_NEAR(interval.high, 0.67153935185185187, 1e-12);
  EXPECT_NEAR(sign_flip_test(a, b, 7, 5000), 0.40971805638872227, 1e-12);
}

}  // namespace
}  // namespace umm::results
