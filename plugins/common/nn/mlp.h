// The two-layer perceptron of a transformer block: fc2(activation(fc1(x))), with biases.
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>

#include <cstdint>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::nn {

enum class Activation {
  gelu_tanh,   // tanh approximation of GELU
  quick_gelu,  // x * sigmoid(1.702 x)
};

class UMM_API MlpImpl : public torch::nn::Module {
 public:
  MlpImpl(int64_t width, int64_t inner_width, Activation activation);

  Tensor forward(const Tensor& x);  // [..., C]

 private:
  Activation activation_;
  torch::nn::Linear fc1_, fc2_;
};
TORCH_MODULE(Mlp);

}  // namespace umm::nn
