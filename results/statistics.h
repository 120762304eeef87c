// Uncertainty of GenEval-like scores: overall = unweighted mean over tags of the mean over a tag's prompts of
// a prompt's mean over its pictures. Everything is deterministic in its seed. Seeds of training and prompts
// are crossed: all runs of a row answer the same prompts.
#pragma once

#include <cstdint>
#include <vector>

namespace umm::results {

// Scores of one row of a table.
struct ScoreGrid {
  int64_t num_tags = 0;
  std::vector<int64_t> tag_of_prompt;                    // [prompts], 0..num_tags-1; every tag occurs
  std::vector<std::vector<std::vector<double>>> values;  // [runs][prompts][pictures], nothing empty
};

struct Interval {
  double low = 0, high = 0;
};

constexpr int64_t kResamples = 10'000;
constexpr int64_t kFlips = 20'000;

double mean(const std::vector<double>& values);        // of at least one
std::vector<double> tag_means(const ScoreGrid& grid);  // [tags], averaged over runs
double overall(const ScoreGrid& grid);

// A number for what a row draws for itself. It follows from the scores, so equal scores have equal intervals,
// whichever table they stand in and whoever made them.
uint64_t draws_of(const ScoreGrid& grid);

// A hierarchical bootstrap: runs, prompts within each tag, and pictures of each prompt are drawn with
// replacement; `resamples` values of overall. Equal `seed`s draw the same prompts, so rows that answer the
// same prompts can be subtracted value by value; runs and pictures are drawn for each `row` on its own, which
// is the cautious choice where training seeds are paired.
std::vector<double> resampled_overall(const ScoreGrid& grid, uint64_t seed, uint64_t row,
                                      int64_t resamples = kResamples);

// 95 % percentile intervals.
Interval interval_of(std::vector<double> resampled);
Interval interval_of_difference(std::vector<double> resampled_a, const std::vector<double>& resampled_b);
Interval bootstrap_overall(const ScoreGrid& grid, uint64_t seed, int64_t resamples = kResamples);
Interval bootstrap_difference(const ScoreGrid& a, const ScoreGrid& b, uint64_t seed,
                              int64_t resamples = kResamples);

// Two-sided p of overall(a) = overall(b): the sign of each prompt's difference is flipped at random. All
// flips where there are at most 2^14, else `flips` random ones, with p = (1 + as extreme) / (1 + flips). It
// speaks about prompts, given the runs at hand; runs of a row are averaged first.
double sign_flip_test(const ScoreGrid& a, const ScoreGrid& b, uint64_t seed, int64_t flips = kFlips);

// Holm's step-down correction: adjusted p in the order given.
std::vector<double> holm_correction(const std::vector<double>& p);

}  // namespace umm::results
