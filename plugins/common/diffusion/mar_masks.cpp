#include "diffusion/mar_masks.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>

namespace umm::diffusion {
namespace {

double normal_cdf(double x) {
  return 0.5 * boost::math::erfc(-x / std::numbers::sqrt2);
}
double normal_quantile(double probability) {
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * probability);
}

}  // namespace

double masked_share(double draw, const MaskedShareLaw& law) {
  constexpr double mean = 1, highest = 0.5;
  const double lowest = normal_cdf((law.minimum - mean) / law.deviation);
  return mean + law.deviation * normal_quantile(lowest + draw * (highest - lowest));
}

int64_t draw_masked_count(int64_t num_tokens, const MaskedShareLaw& law, Rng& rng) {
  const double share = masked_share(rng.uniform(), law);
  return std::min(num_tokens, static_cast<int64_t>(std::ceil(static_cast<double>(num_tokens) * share)));
}

Tensor draw_orders(int64_t batch, int64_t num_tokens, Rng& rng) {
  std::vector<Tensor> orders;
  for (int64_t b = 0; b < batch; ++b) orders.push_back(rng.permutation(num_tokens));
  return at::stack(orders);
}

std::vector<int64_t> hidden_counts(int64_t num_tokens, int64_t num_iterations) {
  std::vector<int64_t> counts;
  int64_t hidden = num_tokens;
  for (int64_t i = 1; i < num_iterations; ++i) {
    const double progress = static_cast<double>(i) / static_cast<double>(num_iterations);
    const double share = std::cos(std::numbers::pi / 2 * progress);
    const auto planned = static_cast<int64_t>(std::floor(static_cast<double>(num_tokens) * share));
    hidden = std::max<int64_t>(1, std::min(hidden - 1, planned));
    counts.push_back(hidden);
  }
  counts.push_back(0);
  return counts;
}

}  // namespace umm::diffusion
