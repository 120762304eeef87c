// MaskGIT sampling (Chang et al. 2022), as Show-o publishes it: every step samples all hidden tokens from
// their full distribution, then hides the least certain again, fewer each time along a cosine.
// B batch, N picture tokens, V codes, T steps
#pragma once

#include <cstdint>
#include <functional>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::diffusion {

// What one step needs from outside.
struct MaskedStep {
  double progress = 0;     // (step + 1) / T
  double temperature = 0;  // of the Gumbel noise on the choice of what stays; see decayed()
  Tensor token_draws;      // [B, N] float32 in [0, 1): which code each token becomes
  Tensor choice_draws;     // [B, N] float32 in [0, 1): the Gumbel noise
};

struct MaskedState {
  Tensor codes;   // [B, N] int64; complete, also where still hidden
  Tensor hidden;  // [B, N] bool
};

// The temperature decays cumulatively: for T = 50 it is .98, .941, .884, ... of the first.
inline double decayed(double temperature, double progress) {
  return temperature * (1 - progress);
}

// `logits` [B, N, V].
UMM_API MaskedState masked_step(const Tensor& logits, const MaskedState& state, const MaskedStep& step);

// Runs T steps from all hidden and returns the codes of the last, [B, N]. `logits(state)` is the model.
// `draws` [T, 2, B, N]: token and choice draws of each step.
UMM_API Tensor masked_sample(const std::function<Tensor(const MaskedState&)>& logits, const Tensor& draws,
                             double temperature);

}  // namespace umm::diffusion
