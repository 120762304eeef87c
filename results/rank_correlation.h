// Agreement of two orders, as of a judge's scores with people's.
#pragma once

#include <vector>

namespace umm::results {

// Each value's place from 1 on, in ascending order; equal values share the mean of their places. No NaN.
std::vector<double> average_ranks(const std::vector<double>& values);

// Spearman's rho: Pearson's correlation of the ranks, -1..1. NaN where it is not defined: a side that is
// empty or constant, or holds NaN. Throws std::invalid_argument for unequal sizes.
double spearman(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace umm::results
