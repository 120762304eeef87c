// Root-mean-square norm (Zhang & Sennrich 2019): x / sqrt(mean(x^2) + epsilon) * weight over the last axis,
// the mean in float32.
#pragma once

#include <torch/nn/module.h>

#include <cstdint>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::nn {

class UMM_API RmsNormImpl : public torch::nn::Module {
 public:
  RmsNormImpl(int64_t width, double epsilon);

  Tensor forward(const Tensor& x);  // [..., C]

 private:
  double epsilon_;
  Tensor weight_;  // [C]
};
TORCH_MODULE(RmsNorm);

}  // namespace umm::nn
