#include "results/statistics.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>
#include <random>

namespace umm::results {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::Pointwise;

// One run, one picture per prompt.
ScoreGrid grid_of(std::vector<std::vector<double>> tags) {
  ScoreGrid grid{static_cast<int64_t>(tags.size()), {}, {{}}};
  for (size_t tag = 0; tag < tags.size(); ++tag) {
    for (double value : tags[tag]) {
      grid.tag_of_prompt.push_back(static_cast<int64_t>(tag));
      grid.values[0].push_back({value});
    }
  }
  return grid;
}

// `runs` x tags x prompts x pictures of 0/1, each right with probability `right` plus noise of the prompt.
ScoreGrid random_grid(uint64_t seed, double right, size_t runs, size_t prompts_per_tag,
                      double prompt_noise = 0.2) {
  std::mt19937_64 engine(seed);
  auto uniform = [&] { return static_cast<double>(engine() >> 11) * 0x1p-53; };
  ScoreGrid grid{3, {}, std::vector<std::vector<std::vector<double>>>(runs)};
  for (int64_t tag = 0; tag < 3; ++tag) {
    for (size_t prompt = 0; prompt < prompts_per_tag; ++prompt) {
      grid.tag_of_prompt.push_back(tag);
      double of_prompt = right + prompt_noise * (2 * uniform() - 1);
      for (auto& run : grid.values) {
        std::vector<double>& pictures = run.emplace_back();
        for (int i = 0; i < 4; ++i) pictures.push_back(uniform() < of_prompt ? 1.0 : 0.0);
      }
    }
  }
  return grid;
}

// All sign flips, spelled out.
double enumerated_p(const ScoreGrid& a, const ScoreGrid& b) {
  size_t prompts = a.tag_of_prompt.size(), as_extreme = 0;
  double observed = std::abs(overall(a) - overall(b));
  for (size_t flips = 0; flips < size_t{1} << prompts; ++flips) {
    ScoreGrid x = a, y = b;
    for (size_t prompt = 0; prompt < prompts; ++prompt) {
      if ((flips >> prompt & 1) != 0) std::swap(x.values[0][prompt], y.values[0][prompt]);
    }
    if (std::abs(overall(x) - overall(y)) >= observed - 1e-12) ++as_extreme;
  }
  return static_cast<double>(as_extreme) / static_cast<double>(size_t{1} << prompts);
}

TEST(Statistics, overall_weighs_tags_not_prompts) {
  ScoreGrid grid = grid_of({{1, 1, 1, 0}, {0, 1}});
  EXPECT_THAT(tag_means(grid), ElementsAre(0.75, 0.5));
  EXPECT_DOUBLE_EQ(overall(grid), 0.625);
  grid.values.push_back({{0}, {0}, {0}, {0}, {1}, {1}});
  EXPECT_THAT(tag_means(grid), ElementsAre(0.375, 0.75));
}

TEST(Statistics, interval_of_identical_scores_is_a_point) {
  Interval interval = bootstrap_overall(grid_of({{1, 1, 1}, {1, 1}}), 1);
  EXPECT_EQ(interval.low, 1.0);
  EXPECT_EQ(interval.high, 1.0);
}

TEST(Statistics, interval_is_deterministic_in_its_seed) {
  ScoreGrid grid = random_grid(1, 0.6, 2, 20);
  Interval first = bootstrap_overall(grid, 5), again = bootstrap_overall(grid, 5),
           other = bootstrap_overall(grid, 6);
  EXPECT_EQ(first.low, again.low);
  EXPECT_EQ(first.high, again.high);
  EXPECT_TRUE(first.low != other.low || first.high != other.high);
}

// One tag, one run, one picture: the plain bootstrap of a mean, whose spread is known.
TEST(Statistics, interval_has_the_binomial_width) {
  std::vector<double> values(400, 0.0);
  std::fill(values.begin(), values.begin() + 200, 1.0);
  Interval interval = bootstrap_overall(grid_of({values}), 3, 20'000);
  double half_width = 1.96 * std::sqrt(0.25 / 400);
  EXPECT_NEAR(interval.low, 0.5 - half_width, 0.005);
  EXPECT_NEAR(interval.high, 0.5 + half_width, 0.005);
}

TEST(Statistics, runs_that_disagree_widen_the_interval) {
  ScoreGrid same = grid_of({{1, 0, 1, 0, 1, 0, 1, 0}}), differ = same;
  same.values.push_back(same.values[0]);
  differ.values[0].assign(8, {1.0});
  differ.values.push_back(std::vector<std::vector<double>>(8, {0.0}));
  Interval of_runs = bootstrap_overall(differ, 1);
  EXPECT_EQ(of_runs.low, 0.0);
  EXPECT_EQ(of_runs.high, 1.0);
  EXPECT_LT(bootstrap_overall(same, 1).high, 1.0);
}

TEST(Statistics, interval_covers_the_truth_about_as_often_as_it_says) {
  int covered = 0;
  for (uint64_t trial = 0; trial < 200; ++trial) {
    Interval interval = bootstrap_overall(random_grid(trial, 0.6, 1, 25), trial, 400);
    covered += interval.low <= 0.6 && 0.6 <= interval.high ? 1 : 0;
  }
  EXPECT_GE(covered, 180);  // the hierarchical bootstrap errs on the wide side
}

TEST(Statistics, difference_of_a_row_with_itself_lies_around_zero) {
  ScoreGrid a = random_grid(1, 0.5, 2, 20), b = a;
  Interval interval = bootstrap_difference(a, b, 1);
  EXPECT_LT(interval.low, 0.0);
  EXPECT_GT(interval.high, 0.0);
  for (auto& run : b.values) {
    for (auto& pictures : run) std::fill(pictures.begin(), pictures.end(), 1.0);
  }
  EXPECT_GT(bootstrap_difference(b, a, 1).low, 0.3);
}

TEST(Statistics, sign_flip_test_by_hand) {
  // Three prompts, all better by 1: of 8 flips only +++ and --- are as extreme.
  EXPECT_DOUBLE_EQ(sign_flip_test(grid_of({{1, 1, 1}}), grid_of({{0, 0, 0}}), 1), 2.0 / 8);
  // Prompts without a difference count for nothing.
  EXPECT_DOUBLE_EQ(sign_flip_test(grid_of({{1, 1, 1, 1, 0}}), grid_of({{0, 0, 0, 1, 0}}), 1), 2.0 / 8);
  EXPECT_DOUBLE_EQ(sign_flip_test(grid_of({{1, 0}}), grid_of({{1, 0}}), 1), 1.0);
  EXPECT_DOUBLE_EQ(sign_flip_test(grid_of({{1, 0}}), grid_of({{0, 1}}), 1), 1.0);
  // Tags of 1 and 2 prompts: weights 1/2, 1/4, 1/4. Observed 1/2 + 1/4 - 1/4; as extreme: |x| >= 1/2, 6 of 8.
  EXPECT_DOUBLE_EQ(sign_flip_test(grid_of({{1}, {1, 0}}), grid_of({{0}, {0, 1}}), 1), 6.0 / 8);
}

TEST(Statistics, exact_sign_flip_test_equals_enumeration) {
  ScoreGrid a = grid_of({{0.9, 0.2, 0.7, 0.4}, {0.5, 0.6}, {1.0, 0.3, 0.8}});
  ScoreGrid b = grid_of({{0.1, 0.3, 0.5, 0.35}, {0.55, 0.2}, {0.4, 0.45, 0.2}});
  EXPECT_NEAR(sign_flip_test(a, b, 1), enumerated_p(a, b), 1e-12);
  EXPECT_NEAR(sign_flip_test(b, a, 9), enumerated_p(a, b), 1e-12);
}

TEST(Statistics, random_flips_agree_with_all_flips) {
  // Fifteen prompts are one too many for the exact test; the same data enumerated.
  std::vector<double> a, b;
  for (int i = 0; i < 15; ++i) {
    a.push_back(0.5 + 0.02 * i);
    b.push_back(i % 3 == 0 ? 0.9 : 0.45);
  }
  double exact = enumerated_p(grid_of({a}), grid_of({b}));
  EXPECT_NEAR(sign_flip_test(grid_of({a}), grid_of({b}), 1, 200'000), exact, 0.005);
  EXPECT_EQ(sign_flip_test(grid_of({a}), grid_of({b}), 1), sign_flip_test(grid_of({a}), grid_of({b}), 1));
}

TEST(Statistics, p_is_near_uniform_when_nothing_differs) {
  std::vector<int> at_most(3, 0);  // p <= 0.05, 0.25, 0.5
  constexpr int kTrials = 400;
  for (uint64_t trial = 0; trial < kTrials; ++trial) {
    ScoreGrid a = random_grid(2 * trial, 0.5, 1, 20, 0), b = random_grid(2 * trial + 1, 0.5, 1, 20, 0);
    double p = sign_flip_test(a, b, trial, 2000);
    at_most[0] += p <= 0.05 ? 1 : 0;
    at_most[1] += p <= 0.25 ? 1 : 0;
    at_most[2] += p <= 0.5 ? 1 : 0;
  }
  // Four standard errors of a binomial share; ties make p slightly too large.
  EXPECT_NEAR(at_most[0] / double{kTrials}, 0.05, 0.044);
  EXPECT_NEAR(at_most[1] / double{kTrials}, 0.25, 0.087);
  EXPECT_NEAR(at_most[2] / double{kTrials}, 0.50, 0.100);
}

TEST(Statistics, a_clear_difference_is_found_and_p_is_never_zero) {
  double p = sign_flip_test(random_grid(1, 0.8, 2, 40), random_grid(2, 0.3, 2, 40), 1);
  EXPECT_DOUBLE_EQ(p, 1.0 / (1 + kFlips));
}

TEST(Statistics, holm_by_hand) {
  EXPECT_THAT(holm_correction({0.01, 0.04, 0.03}), Pointwise(DoubleNear(1e-12), {0.03, 0.06, 0.06}));
  EXPECT_THAT(holm_correction({0.5, 0.9}), Pointwise(DoubleNear(1e-12), {1.0, 1.0}));
  EXPECT_THAT(holm_correction({0.2}), ElementsAre(0.2));
  EXPECT_TRUE(holm_correction({}).empty());
}

}  // namespace
}  // namespace umm::results
