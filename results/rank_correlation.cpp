#include "results/rank_correlation.h"

// Boost 1.74 calls ::sqrt.
#include <math.h>

#include <algorithm>
#include <boost/math/statistics/bivariate_statistics.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

namespace umm::results {
namespace {

// Numbers that are not all the same.
bool has_an_order(const std::vector<double>& values) {
  return std::none_of(values.begin(), values.end(), [](double value) { return std::isnan(value); }) &&
         std::any_of(values.begin(), values.end(), [&](double value) { return value != values.front(); });
}

}  // namespace

std::vector<double> average_ranks(const std::vector<double>& values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (size_t begin = 0; begin < order.size();) {
    size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double mean_place = static_cast<double>(begin + 1 + end) / 2;
    for (; begin < end; ++begin) ranks[order[begin]] = mean_place;
  }
  return ranks;
}

double spearman(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size())
    throw std::invalid_argument("expected two sides of a rank correlation of equal size, found " +
                                std::to_string(a.size()) + " and " + std::to_string(b.size()));
  // Boost calls a constant side 0 or 1, by version.
  if (!has_an_order(a) || !has_an_order(b)) return std::numeric_limits<double>::quiet_NaN();
  return boost::math::statistics::correlation_coefficient(average_ranks(a), average_ranks(b));
}

}  // namespace umm::results
