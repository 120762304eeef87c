#include "diffusion/ddpm.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "umm/error.h"

namespace umm::diffusion {
namespace {

// Rows of the tables: factors of a step. x0 the clean vector, x the noised one.
enum Row {
  kSignal,         // of x0 in x
  kNoise,          // of the noise in x
  kInverseSignal,  // x0 = kInverseSignal x - kInverseNoise noise
  kInverseNoise,
  kPosteriorOfClean,  // mean of the step before, given x0 and x
  kPosteriorOfNoised,
  kPosteriorLogVariance,  // lower bound of the learned log variance; that of step 1 at step 0, where it is 0
  kLogBeta,               // upper bound
  kNumRows
};

double alpha_bar(double time) {
  const double cosine = std::cos((time + 0.008) / 1.008 * std::numbers::pi / 2);
  return cosine * cosine;
}

std::vector<double> all_betas() {
  std::vector<double> betas;
  constexpr auto T = static_cast<double>(Ddpm::kTimesteps);
  for (int64_t i = 0; i < Ddpm::kTimesteps; ++i) {
    const auto now = static_cast<double>(i);
    betas.push_back(std::min(1 - alpha_bar((now + 1) / T) / alpha_bar(now / T), 0.999));
  }
  return betas;
}

void check_count(int64_t num_steps) {
  UMM_CHECK_INPUT(num_steps >= 1 && num_steps <= Ddpm::kTimesteps, "denoising steps must be 1 to ",
                  Ddpm::kTimesteps, ", found ", num_steps);
}

// The stride is added up, not multiplied, and halves round to even.
std::vector<int64_t> spaced(int64_t num_steps) {
  check_count(num_steps);
  const double stride =
      num_steps == 1 ? 1 : static_cast<double>(Ddpm::kTimesteps - 1) / static_cast<double>(num_steps - 1);
  std::vector<int64_t> steps;
  double at = 0;
  for (int64_t i = 0; i < num_steps; ++i, at += stride)
    steps.push_back(static_cast<int64_t>(std::nearbyint(at)));
  return steps;
}

// Nats.
Tensor divergence(const Tensor& mean, const Tensor& log_variance, const Tensor& other_mean,
                  const Tensor& other_log_variance) {
  return 0.5 * (other_log_variance - log_variance - 1 + (log_variance - other_log_variance).exp() +
                (mean - other_mean).square() * (-other_log_variance).exp());
}

Tensor approximate_normal_cdf(const Tensor& x) {
  return 0.5 * (1 + (std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x.pow(3))).tanh());
}

// Of a value known to 1/255 on either side, open at the ends of [-1, 1].
Tensor discretized_log_likelihood(const Tensor& x, const Tensor& mean, const Tensor& log_deviation) {
  constexpr double kHalfBin = 1.0 / 255, kEnd = 0.999, kTiny = 1e-12;
  const Tensor centred = x - mean, inverse = (-log_deviation).exp();
  const Tensor above = approximate_normal_cdf(inverse * (centred + kHalfBin));
  const Tensor below = approximate_normal_cdf(inverse * (centred - kHalfBin));
  const auto log_of = [](const Tensor& probability) { return probability.clamp_min(kTiny).log(); };
  return at::where(x < -kEnd, log_of(above), at::where(x > kEnd, log_of(1 - below), log_of(above - below)));
}

}  // namespace

Ddpm::Ddpm(int64_t num_steps) : Ddpm(spaced(num_steps)) {}

Ddpm Ddpm::strided(int64_t num_steps) {
  check_count(num_steps);
  std::vector<int64_t> steps;
  for (int64_t i = 0; i < num_steps; ++i) steps.push_back(i * (kTimesteps / num_steps));
  return Ddpm(std::move(steps));
}

Ddpm::Ddpm(std::vector<int64_t> timesteps) : timesteps_(std::move(timesteps)) {
  UMM_CHECK(!timesteps_.empty() &&
                std::is_sorted(timesteps_.begin(), timesteps_.end(), std::less_equal<>()) &&
                timesteps_.front() >= 0 && timesteps_.back() < kTimesteps,
            "diffusion: timesteps must ascend from 0 to ", kTimesteps - 1);
  std::vector<double> alpha_bars;
  double product = 1;
  for (double beta : all_betas()) alpha_bars.push_back(product *= 1 - beta);
  double before = 1;
  for (int64_t step : timesteps_) {
    const double now = alpha_bars[static_cast<size_t>(step)];
    betas_.push_back(1 - now / before);
    before = now;
  }

  // From the kept betas, as their products differ from the kept alpha bars in the last bits.
  Tensor tables = at::empty({kNumRows, num_steps()}, at::kDouble);
  auto table = tables.accessor<double, 2>();
  double bar = 1;
  for (int64_t i = 0; i < num_steps(); ++i) {
    const double beta = betas_[static_cast<size_t>(i)], previous = bar;
    bar *= 1 - beta;
    table[kSignal][i] = std::sqrt(bar);
    table[kNoise][i] = std::sqrt(1 - bar);
    table[kInverseSignal][i] = std::sqrt(1 / bar);
    table[kInverseNoise][i] = std::sqrt(1 / bar - 1);
    table[kPosteriorOfClean][i] = beta * std::sqrt(previous) / (1 - bar);
    table[kPosteriorOfNoised][i] = (1 - previous) * std::sqrt(1 - beta) / (1 - bar);
    table[kPosteriorLogVariance][i] = std::log(beta * (1 - previous) / (1 - bar));
    table[kLogBeta][i] = std::log(beta);
  }
  if (num_steps() > 1) table[kPosteriorLogVariance][0] = table[kPosteriorLogVariance][1];
  tables_ = tables;
}

Tensor Ddpm::factors_at(const Tensor& steps) const {
  return tables_.to(at::kFloat).to(steps.device()).index_select(1, steps).unsqueeze(2);
}

Tensor Ddpm::noised(const Tensor& x, const Tensor& steps, const Tensor& noise) const {
  const Tensor factors = factors_at(steps);  // [rows, K, 1]
  return factors[kSignal] * x + factors[kNoise] * noise;
}

Tensor Ddpm::loss(const Tensor& output, const Tensor& x, const Tensor& noised, const Tensor& steps,
                  const Tensor& noise) const {
  const Tensor factors = factors_at(steps);  // [rows, K, 1]
  const auto of = [&](Row row) { return factors[row]; };
  const auto parts = output.to(at::kFloat).chunk(2, 1);
  const Tensor& predicted = parts[0];
  const Tensor share = (parts[1] + 1) / 2;
  const Tensor log_variance = share * of(kLogBeta) + (1 - share) * of(kPosteriorLogVariance);

  const Tensor clean = of(kInverseSignal) * noised - of(kInverseNoise) * predicted.detach();
  const Tensor mean = of(kPosteriorOfClean) * clean + of(kPosteriorOfNoised) * noised;
  const Tensor true_mean = of(kPosteriorOfClean) * x + of(kPosteriorOfNoised) * noised;
  const Tensor nats = at::where(steps.eq(0), -discretized_log_likelihood(x, mean, 0.5 * log_variance).mean(1),
                                divergence(true_mean, of(kPosteriorLogVariance), mean, log_variance).mean(1));
  return (noise - predicted).square().mean(1) + nats / std::numbers::ln2;
}

// Mean and deviation of the step back, as factors of x, predicted noise and v that are folded in float64: the
// sampler runs this on small tensors thousands of times.
Tensor Ddpm::denoised(const Tensor& output, const Tensor& x, int64_t step, const Tensor& noise,
                      double temperature) const {
  const auto table = tables_.accessor<double, 2>();
  const auto of = [&](Row row) { return table[row][step]; };
  const auto parts = output.to(at::kFloat).chunk(2, 1);
  const double of_x = of(kPosteriorOfClean) * of(kInverseSignal) + of(kPosteriorOfNoised);
  const double of_noise = -of(kPosteriorOfClean) * of(kInverseNoise);
  const Tensor mean = at::add(x * of_x, parts[0], of_noise);
  if (step == 0) return mean;
  const double middle = (of(kLogBeta) + of(kPosteriorLogVariance)) / 4;
  const double half_range = (of(kLogBeta) - of(kPosteriorLogVariance)) / 4;
  return at::addcmul(mean, at::exp(parts[1] * half_range + middle), noise, temperature);
}

}  // namespace umm::diffusion
