#include "nn/scale_gradient.h"

#include <ATen/ATen.h>

namespace umm::nn {

Tensor scale_gradient(const Tensor& x, double scale) {
  if (scale == 1 || !x.requires_grad()) return x;
  if (scale == 0) return x.detach();
  const Tensor same = x.view_as(x);
  same.register_hook([scale](const Tensor& gradient) { return gradient * scale; });
  return same;
}

}  // namespace umm::nn
