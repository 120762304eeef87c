// Rotary position embedding (Su et al. 2021) on the first `rotary_width` features of each head, in the
// half-rotation layout: feature i turns together with feature i + rotary_width / 2.
#pragma once

#include <cstdint>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::nn {

struct RopeTables {
  Tensor cos;  // [L, rotary_width / 2]
  Tensor sin;  // [L, rotary_width / 2]
};

// Angles of positions begin .. begin + length - 1: position * theta^(-2i / rotary_width). Computed in
// float32, returned in the dtype and on the device of `like`.
UMM_API RopeTables rope_tables(int64_t begin, int64_t length, int64_t rotary_width, double theta,
                               const Tensor& like);

UMM_API Tensor apply_rope(const Tensor& x, const RopeTables& tables);  // [B, H, L, D]

}  // namespace umm::nn
