// Denoising diffusion (Ho et al. 2020) with the cosine schedule and the learned range of variances of Nichol
// & Dhariwal 2021, over vectors: the loss, and ancestral sampling on a subset of the timesteps. The network
// predicts noise and a position v of the log variance between its bounds: [K, 2C]. K vectors, C channels, T =
// 1000 timesteps; arithmetic in float32, tables in float64
#pragma once

#include <cstdint>
#include <vector>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::diffusion {

class UMM_API Ddpm {
 public:
  static constexpr int64_t kTimesteps = 1000;

  // All timesteps, for training.
  Ddpm() : Ddpm(kTimesteps) {}

  // `num_steps` of them, evenly spaced from 0 to 999. Throws InputError outside 1 .. 1000.
  explicit Ddpm(int64_t num_steps);

  // `num_steps` of them from 0 upwards with a whole stride, so that the noisiest, whose clean vector is
  // hardly told from noise, are left out (Song et al. 2021, "ddimN" of the reference). Throws as above.
  static Ddpm strided(int64_t num_steps);

  // Those of `timesteps`, ascending; the noise between them is merged.
  explicit Ddpm(std::vector<int64_t> timesteps);

  int64_t num_steps() const { return static_cast<int64_t>(timesteps_.size()); }
  const std::vector<int64_t>& timesteps() const {
    return timesteps_;
  }  // as the network knows them, ascending
  const std::vector<double>& betas() const { return betas_; }

  // x at the noise level of `steps` [K] int64.
  Tensor noised(const Tensor& x, const Tensor& steps, const Tensor& noise) const;  // [K, C]

  // Squared error of the noise, plus the variational bound in bits, whose gradient reaches v alone; mean over
  // channels: [K].
  Tensor loss(const Tensor& output, const Tensor& x, const Tensor& noised, const Tensor& steps,
              const Tensor& noise) const;

  // One step back from `x` at `step`: [K, C]. `noise` is scaled by `temperature`; step 0 adds none.
  Tensor denoised(const Tensor& output, const Tensor& x, int64_t step, const Tensor& noise,
                  double temperature) const;

 private:
  Tensor factors_at(const Tensor& steps) const;  // [K] -> [rows, K, 1] float32

  std::vector<int64_t> timesteps_;
  std::vector<double> betas_;
  Tensor tables_;  // [rows, num_steps] float64, on the CPU
};

}  // namespace umm::diffusion
