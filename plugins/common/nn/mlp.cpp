#include "nn/mlp.h"

#include <ATen/ATen.h>

namespace umm::nn {

MlpImpl::MlpImpl(int64_t width, int64_t inner_width, Activation activation)
    : activation_(activation), fc1_(width, inner_width), fc2_(inner_width, width) {
  register_module("fc1", fc1_);
  register_module("fc2", fc2_);
}

Tensor MlpImpl::forward(const Tensor& x) {
  const Tensor inner = fc1_(x);
  if (activation_ == Activation::gelu_tanh) return fc2_(at::gelu(inner, "tanh"));
  return fc2_(inner * at::sigmoid(1.702 * inner));
}

}  // namespace umm::nn
