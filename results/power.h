// What a sweep can find out before it runs: the smallest difference between two rows of a table that it would
// probably show, from the scores of earlier evaluations under the same protocol. Paired by prompt, two-sided
// at 5 %.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "results/store.h"

namespace umm::results {

// Variances of overall(a) - overall(b), where a and b have one run each and answer the same prompts. Means
// over pairs of evaluations: of two rows, and of two repeats (seeds) of one row.
struct PairVariances {
  double row_sum = 0, repeat_sum = 0;
  int64_t num_row_pairs = 0, num_repeat_pairs = 0;
};

// Of the weighted mean of the differences: the mean over tags of the mean over a tag's prompts; where all
// have one tag, the mean over prompts. Within each tag its own variance counts; a tag of one prompt has that
// of all prompts together.
double variance_of_difference(const std::vector<std::string>& tags, const std::vector<double>& differences);

// I + R / n for n repeats of each row. R is the variance between repeats, which n reduces, and I = rows - R,
// which it does not: prompts that one row does better and others that it does worse. Where no two repeats are
// stored all of the variance counts as I, the cautious choice. nullopt: nothing is stored.
std::optional<double> variance_with_repeats(const PairVariances& variances, int64_t num_repeats);

// (z(0.975) + z(0.8)) sqrt(I + R / n): found in 80 of 100 cases.
std::optional<double> detectable_difference(const PairVariances& variances, int64_t num_repeats);

// How often a difference of this size is found, 0 to 1, where its estimate has this variance.
double detection_power(double difference, double variance);

// Adds the pairs among the database's latest evaluations of a protocol. Only runs of one sweep are paired,
// and only where the stored overall tells which mean it is, over tags or over prompts, as in tables.
void add_stored_pairs(const Store& store, const std::string& benchmark, const std::string& protocol_hash,
                      PairVariances& variances);

}  // namespace umm::results
