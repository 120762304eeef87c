#include "results/power.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/results/small_database.h"

namespace umm::results {
namespace {

constexpr double kTwoNormals = 1.959963984540054 + 0.8416212335729143;  // z(0.975) + z(0.8)

TEST(Power, VarianceOfOneTagIsThatOfAMean) {
  std::vector<double> differences;
  for (int i = 0; i < 200; ++i) differences.push_back(i % 2 == 0 ? 0.5 : -0.5);
  const std::vector<std::string> tags(differences.size(), "any");
  // Of values +-d: the sample variance is d^2 n / (n - 1), that of their mean a n-th of it.
  EXPECT_NEAR(variance_of_difference(tags, differences), 0.25 / 199, 1e-12);
}

TEST(Power, TagsCountAlikeWhateverTheirSizes) {
  const std::vector<std::string> tags = {"a", "a", "b", "b", "b", "b"};
  const std::vector<double> differences = {0, 1, 1, -1, 1, -1};
  const double of_a = 0.5 / 2, of_b = (4.0 / 3) / 4;
  EXPECT_NEAR(variance_of_difference(tags, differences), (of_a + of_b) / 4, 1e-12);
}

TEST(Power, ATagOfOnePromptHasTheVarianceOfAll) {
  const double of_all = (1.0 + 1.0 + 0.0) / 2;
  EXPECT_NEAR(variance_of_difference({"a", "b", "c"}, {1, -1, 0}), 3 * of_all / 9, 1e-12);
  EXPECT_EQ(variance_of_difference({}, {}), 0);
}

TEST(Power, ClosedFormForRepeats) {
  PairVariances variances{.row_sum = 0.0020, .repeat_sum = 0.0030, .num_row_pairs = 2, .num_repeat_pairs = 6};
  // Rows 0.001, repeats 0.0005: half of the variance stays, half is divided.
  for (const int64_t n : {1, 3, 100})
    EXPECT_NEAR(*detectable_difference(variances, n),
                kTwoNormals * std::sqrt(0.0005 + 0.0005 / static_cast<double>(n)), 1e-12);
}

TEST(Power, WithoutRepeatsMoreSeedsDoNotCount) {
  const PairVariances rows{.row_sum = 0.0020, .num_row_pairs = 2};
  EXPECT_NEAR(*detectable_difference(rows, 1), kTwoNormals * std::sqrt(0.001), 1e-12);
  EXPECT_EQ(*detectable_difference(rows, 1), *detectable_difference(rows, 5));
  const PairVariances repeats{.repeat_sum = 0.0020, .num_repeat_pairs = 2};
  EXPECT_NEAR(*detectable_difference(repeats, 4), kTwoNormals * std::sqrt(0.001 / 4), 1e-12);
  EXPECT_FALSE(detectable_difference({}, 3));
}

TEST(Power, OfTheDetectableDifferenceIsEightyPercent) {
  const PairVariances variances{
      .row_sum = 0.002, .repeat_sum = 0.001, .num_row_pairs = 1, .num_repeat_pairs = 1};
  const double difference = *detectable_difference(variances, 3);
  EXPECT_NEAR(detection_power(difference, *variance_with_repeats(variances, 3)), 0.8, 1e-5);
  EXPECT_NEAR(detection_power(0, 0.01), 0.05, 1e-12);
  EXPECT_EQ(detection_power(0.1, 0), 1);
}

TEST(Power, StoredPairsAreOfOneProtocolAndSweep) {
  const TemporaryFolder folder;
  auto store = open_small_database(folder);
  PairVariances variances;
  // base, and two seeds of sft and of reca.
  add_stored_pairs(store, "geneval", "aaaabbbbccccdddd", variances);
  EXPECT_EQ(variances.num_repeat_pairs, 2);
  EXPECT_EQ(variances.num_row_pairs, 10 - 2);
  EXPECT_GT(variances.row_sum, 0);
  // One without a score for some pictures says nothing of it.
  auto scores = small_scores({1, 1, 1});
  for (auto& score : scores) score.num_images = score.num_unscored = 8;
  auto evidence = small_evidence({1, 1, 1});
  evidence[0].status = "failed";
  store.put_evaluation(small_run("sft", 0).identity, small_evaluation("partial"), small_items(), evidence,
                       scores, {});
  PairVariances again;
  add_stored_pairs(store, "geneval", "aaaabbbbccccdddd", again);
  EXPECT_EQ(again.num_row_pairs, 8);
  EXPECT_EQ(again.row_sum, variances.row_sum);
  PairVariances other;
  add_stored_pairs(store, "geneval", "another", other);
  EXPECT_FALSE(detectable_difference(other, 3));
}

// Of nine prompts in tags of four, four and one. They differ in two of the first tag and in that of the last.
TEST(Power, PromptsAreWeighedAsTheStoredOverallWeighsThem) {
  const TemporaryFolder folder;
  auto store = open_small_database(folder);
  auto items = small_items();
  items.resize(9);
  const auto pair_with = [&](const std::string& protocol, double of_second) {
    const auto put = [&](int64_t seed, const std::vector<int>& right, double mean) {
      auto evidence = small_evidence(right);
      evidence.resize(18);
      const auto evaluation = small_evaluation("sft" + std::to_string(seed), protocol);
      store.put_evaluation(small_run("sft", seed).identity, evaluation, items, evidence, {{"overall", mean}},
                           {});
    };
    put(0, {8, 8, 2}, 1);
    put(1, {4, 8, 0}, of_second);
    PairVariances variances;
    add_stored_pairs(store, "geneval", protocol, variances);
    return variances;
  };
  EXPECT_NEAR(pair_with("tags", 0.5).repeat_sum, (1.0 / 12 + 1.0 / 4) / 9, 1e-12);
  EXPECT_NEAR(pair_with("prompts", 6.0 / 9).repeat_sum, 1.0 / 4 / 9, 1e-12);
  EXPECT_FALSE(detectable_difference(pair_with("neither", 0.9), 1));
}

}  // namespace
}  // namespace umm::results
