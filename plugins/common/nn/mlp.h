// Two linear layers with biases and an activation between them.
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>

#include <cstdint>

#include "nn/dropout.h"
#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::nn {

enum class Activation {
  silu,
  gelu,        // with the error function
  gelu_tanh,   // tanh approximation of GELU
  quick_gelu,  // x * sigmoid(1.702 x)
};

UMM_API Tensor activate(const Tensor& x, Activation activation);

// The perceptron of a transformer block, with the names fc1 and fc2.
class UMM_API MlpImpl : public torch::nn::Module {
 public:
  MlpImpl(int64_t width, int64_t inner_width, Activation activation);

  Tensor forward(const Tensor& x, const Dropout& dropout = {});  // [..., C]; dropout after either layer

 private:
  Activation activation_;
  torch::nn::Linear fc1_, fc2_;
};
TORCH_MODULE(Mlp);

// The same between two parts of a model, with the places in the published lists as names: 0 and 2.
class UMM_API ProjectorImpl : public torch::nn::Module {
 public:
  ProjectorImpl(int64_t in, int64_t inner_width, int64_t out, Activation activation);

  Tensor forward(const Tensor& x) {
    return second_(activate(first_(x), activation_));
  }  // [..., in] -> [..., out]

 private:
  Activation activation_;
  torch::nn::Linear first_, second_;
};
TORCH_MODULE(Projector);

}  // namespace umm::nn
