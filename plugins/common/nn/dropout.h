// Dropout (Srivastava et al. 2014), with draws that the run's Rng decides.
#pragma once

#include <cstdint>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::nn {

// For one block of a model. The draws come from the device's own generator, as fused kernels know no other;
// begin() seeds it, so that a block which runs again in the backward pass drops the same.
struct UMM_API Dropout {
  double probability = 0;
  uint64_t seed = 0;

  void begin(const Tensor& x) const;         // seeds the generator of the device of `x`
  Tensor operator()(const Tensor& x) const;  // 0 with `probability`, else x / (1 - probability)
};

}  // namespace umm::nn
