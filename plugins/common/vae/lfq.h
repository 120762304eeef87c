// Lookup-free quantizer (Yu et al. 2024): each feature of a code becomes its sign; the signs are the index.
// Channel 0 is the most significant bit; zero counts as -1.   B batch, C bits, N = h w codes in raster order
#pragma once

#include <cstdint>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::vae {

UMM_API Tensor lfq_signs(const Tensor& z);  // +1 or -1, the gradient of the identity (straight-through)

UMM_API Tensor lfq_indices(const Tensor& z);  // [B, C, h, w] -> [B, N] int64

UMM_API Tensor lfq_signs_of(const Tensor& indices, int64_t num_bits,
                            int64_t height);  // [B, N] -> [B, C, h, N / h]

// Terms of the training loss.
struct LfqTerms {
  Tensor commitment;  // [B], mean (z - sign)^2: keeps features near the signs they stand for
  Tensor diversity;   // scalar, nats: entropy of a bit over batch and positions, mean over bits; to be raised
};
UMM_API LfqTerms lfq_terms(const Tensor& z);

}  // namespace umm::vae
