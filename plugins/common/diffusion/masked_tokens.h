// Masked-token objective (Chang et al. 2022): hide a random share of a picture's tokens, predict them all at
// once with cross-entropy.   B batch, N picture tokens, L sequence length, V vocabulary
#pragma once

#include <cstdint>
#include <functional>

#include "umm/capabilities.h"
#include "umm/random.h"
#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::diffusion {

// round(N cos(pi/2 u)) and at least 1: how many tokens a draw u in [0, 1) hides. Halves round to even.
UMM_API int64_t cosine_masked_count(double draw, int64_t num_tokens);

// True where a token is hidden: for each sample a count as above, at uniformly drawn places.
UMM_API Tensor draw_token_mask(int64_t batch, int64_t num_tokens, Rng& rng);  // [B, N] bool, on the CPU

// Cross-entropy of the rows that `supervised` marks, per sample. Only those rows go through `head`, which
// maps [K, C] to float32 logits [K, V]: most of a sequence is not predicted, and the head is wide.
UMM_API TokenLoss supervised_cross_entropy(const Tensor& hidden,      // [B, L, C]
                                           const Tensor& supervised,  // [B, L] bool, on the CPU
                                           const Tensor& targets,     // [B, L] int64
                                           const std::function<Tensor(const Tensor&)>& head);

}  // namespace umm::diffusion
