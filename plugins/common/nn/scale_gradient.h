// The identity, whose gradient is scaled.
#pragma once

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::nn {

// x; into x flows `scale` times the gradient, and none for 0.
UMM_API Tensor scale_gradient(const Tensor& x, double scale);

}  // namespace umm::nn
