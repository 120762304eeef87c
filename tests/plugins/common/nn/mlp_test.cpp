#include "nn/mlp.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace umm::nn {
namespace {

// One feature in, one out, weights 1 and biases 0: the activation alone.
double activation_of(Activation activation, float x) {
  const at::NoGradGuard no_gradient;
  Mlp mlp(1, 1, activation);
  for (auto& parameter : mlp->named_parameters())
    parameter.value().fill_(parameter.key().ends_with("weight") ? 1 : 0);
  return mlp(at::tensor({x})).item<double>();
}

TEST(Mlp, ActivationsAreTheNamedOnes) {
  const double x = 0.7, inner = std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x);
  EXPECT_NEAR(activation_of(Activation::gelu_tanh, 0.7f), 0.5 * x * (1 + std::tanh(inner)), 1e-6);
  EXPECT_NEAR(activation_of(Activation::quick_gelu, 0.7f), x / (1 + std::exp(-1.702 * x)), 1e-6);
}

}  // namespace
}  // namespace umm::nn
