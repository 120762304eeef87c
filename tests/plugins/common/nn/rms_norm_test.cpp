#include "nn/rms_norm.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "umm/random.h"

namespace umm::nn {
namespace {

TEST(RmsNorm, EqualsLibTorchsAndItsGradients) {
  Rng rng(1);
  RmsNorm norm(12, 1e-3);
  Tensor weight = norm->parameters()[0];
  const Tensor drawn = rng.normal({12});
  weight.set_data(drawn);
  const Tensor x = rng.normal({2, 5, 12}).requires_grad_(), direction = rng.normal({2, 5, 12});
  const Tensor mine = norm(x), expected = at::rms_norm(x, {12}, weight, 1e-3);
  EXPECT_TRUE(at::allclose(mine, expected, 1e-6, 1e-6));
  const auto gradients = torch::autograd::grad({mine}, {x, weight}, {direction});
  const auto wanted = torch::autograd::grad({expected}, {x, weight}, {direction});
  for (size_t i = 0; i < wanted.size(); ++i)
    EXPECT_TRUE(at::allclose(gradients[i], wanted[i], 1e-5, 1e-6)) << i;
}

TEST(RmsNorm, HasAGradientWhereItsWeightIsFrozen) {
  RmsNorm norm(4, 1e-6);
  norm->parameters()[0].set_requires_grad(false);
  const Tensor x = at::tensor({3.f, 0.f, 4.f, 0.f}).requires_grad_();  // root mean square 5 / 2
  norm(x)[1].backward();
  EXPECT_TRUE(at::allclose(x.grad(), at::tensor({0.f, 0.4f, 0.f, 0.f})));
}

TEST(RmsNorm, ComputesInFloat32AndKeepsTheType) {
  RmsNorm norm(3, 1e-6);
  norm->to(at::kBFloat16);
  const Tensor y = norm(at::tensor({1.f, 2.f, 2.f}).to(at::kBFloat16));
  EXPECT_EQ(y.scalar_type(), at::kBFloat16);
  EXPECT_TRUE(at::allclose(y.to(at::kFloat), at::tensor({1.f, 2.f, 2.f}) / std::sqrt(3.f), 1e-2));
}

}  // namespace
}  // namespace umm::nn
