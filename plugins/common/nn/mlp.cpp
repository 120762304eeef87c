#include "nn/mlp.h"

#include <ATen/ATen.h>

#include "umm/error.h"

namespace umm::nn {

Tensor activate(const Tensor& x, Activation activation) {
  switch (activation) {
    case Activation::silu:
      return at::silu(x);
    case Activation::gelu:
      return at::gelu(x);
    case Activation::gelu_tanh:
      return at::gelu(x, "tanh");
    case Activation::quick_gelu:
      return x * at::sigmoid(1.702 * x);
  }
  throw Error("unknown activation");
}

MlpImpl::MlpImpl(int64_t width, int64_t inner_width, Activation activation)
    : activation_(activation), fc1_(width, inner_width), fc2_(inner_width, width) {
  register_module("fc1", fc1_);
  register_module("fc2", fc2_);
}

Tensor MlpImpl::forward(const Tensor& x, const Dropout& dropout) {
  return dropout(fc2_(dropout(activate(fc1_(x), activation_))));
}

ProjectorImpl::ProjectorImpl(int64_t in, int64_t inner_width, int64_t out, Activation activation)
    : activation_(activation), first_(in, inner_width), second_(inner_width, out) {
  register_module("0", first_);
  register_module("2", second_);
}

}  // namespace umm::nn
