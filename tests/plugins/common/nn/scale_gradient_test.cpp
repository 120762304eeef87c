#include "nn/scale_gradient.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace umm::nn {
namespace {

TEST(ScaleGradient, ScalesTheGradientAndNothingElse) {
  for (const float scale : {1.0f, 0.5f, 0.1f}) {
    const Tensor x = at::tensor({1.0f, -3.0f}).requires_grad_();
    const Tensor y = scale_gradient(x, scale);
    EXPECT_TRUE(y.equal(x));
    (y * at::tensor({2.0f, 7.0f})).sum().backward();
    EXPECT_TRUE(x.grad().equal(at::tensor({2.0f * scale, 7.0f * scale}))) << scale;
  }
}

TEST(ScaleGradient, ZeroDetaches) {
  EXPECT_FALSE(scale_gradient(at::ones({2}).requires_grad_(), 0).requires_grad());
}

}  // namespace
}  // namespace umm::nn
