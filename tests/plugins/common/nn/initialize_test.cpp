#include "nn/initialize.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cmath>

namespace umm::nn {
namespace {

struct Net : torch::nn::Module {
  Net() {
    register_module("linear", torch::nn::Linear(50, 40));
    register_module("embedding", torch::nn::Embedding(50, 40));
    register_module("conv", torch::nn::Conv2d(4, 32, 3));
    register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({8})));
    register_parameter("token", at::zeros({2000}));
  }
};

TEST(Initialize, GivesEachKindItsDistribution) {
  auto net = std::make_shared<Net>();
  initialize(net, 0.02, Rng(1));
  const auto weights = net->named_parameters();
  for (const char* name : {"linear.weight", "embedding.weight", "token"}) {
    EXPECT_NEAR(weights[name].std().item<double>(), 0.02, 0.002) << name;
    EXPECT_NEAR(weights[name].mean().item<double>(), 0, 0.002) << name;
  }
  EXPECT_EQ(weights["linear.bias"].abs().sum().item<double>(), 0);
  const double bound = 1 / std::sqrt(4 * 9.0);
  EXPECT_LE(weights["conv.weight"].abs().max().item<double>(), bound);
  EXPECT_GT(weights["conv.weight"].abs().max().item<double>(), 0.95 * bound);
  EXPECT_LE(weights["conv.bias"].abs().max().item<double>(), bound);
  EXPECT_EQ(weights["norm.weight"].sum().item<double>(), 8);
  EXPECT_EQ(weights["norm.bias"].abs().sum().item<double>(), 0);
}

TEST(Initialize, XavierIsForLinearLayersAlone) {
  auto net = std::make_shared<Net>();
  initialize(net, 0.02, Rng(1), LinearLaw::xavier);
  const auto weights = net->named_parameters();
  const double bound = std::sqrt(6.0 / 90);
  EXPECT_LE(weights["linear.weight"].abs().max().item<double>(), bound);
  EXPECT_GT(weights["linear.weight"].abs().max().item<double>(), 0.95 * bound);
  EXPECT_NEAR(weights["embedding.weight"].std().item<double>(), 0.02, 0.002);
}

TEST(Initialize, DependsOnTheSeedAlone) {
  auto first = std::make_shared<Net>(), again = std::make_shared<Net>(), other = std::make_shared<Net>();
  initialize(first, 0.02, Rng(1));
  initialize(again, 0.02, Rng(1));
  initialize(other, 0.02, Rng(2));
  const auto a = first->named_parameters(), b = again->named_parameters(), c = other->named_parameters();
  for (const auto& item : a) EXPECT_TRUE(at::equal(item.value(), b[item.key()])) << item.key();
  EXPECT_FALSE(at::equal(a["linear.weight"], c["linear.weight"]));
}

}  // namespace
}  // namespace umm::nn
