#include "nn/rms_norm.h"

#include <ATen/ATen.h>

namespace umm::nn {

RmsNormImpl::RmsNormImpl(int64_t width, double epsilon) : epsilon_(epsilon) {
  weight_ = register_parameter("weight", at::ones({width}));
}

Tensor RmsNormImpl::forward(const Tensor& x) {
  return at::rms_norm(x, weight_.sizes(), weight_, epsilon_);
}

}  // namespace umm::nn
