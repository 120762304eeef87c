// Which tokens of a picture are hidden, in masked autoregression (Li et al. 2024, "Autoregressive image
// generation without vector quantization", arXiv 2406.11838).   B batch, N tokens
#pragma once

#include <cstdint>
#include <vector>

#include "umm/random.h"
#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::diffusion {

// Of the share of tokens to hide in training: a normal law of mean 1, cut to [minimum, 1]. Published values.
struct MaskedShareLaw {
  double minimum = 0.7;
  double deviation = 0.25;
};

UMM_API double masked_share(double draw, const MaskedShareLaw& law);  // of a uniform draw in [0, 1)

// ceil(N share), of a drawn share.
UMM_API int64_t draw_masked_count(int64_t num_tokens, const MaskedShareLaw& law, Rng& rng);

// For each sample the order in which its tokens are hidden, the last to be revealed first: [B, N] int64.
UMM_API Tensor draw_orders(int64_t batch, int64_t num_tokens, Rng& rng);

// Hidden tokens after each iteration of sampling: along a cosine, at least one and one fewer than before
// until the last iteration, which leaves none. An iteration may reveal none where there are more than tokens.
UMM_API std::vector<int64_t> hidden_counts(int64_t num_tokens, int64_t num_iterations);

}  // namespace umm::diffusion
