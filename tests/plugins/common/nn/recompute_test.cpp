#include "nn/recompute.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "nn/attention.h"
#include "nn/parallel_decoder_block.h"
#include "umm/random.h"

namespace umm::nn {
namespace {

// Value, gradient of the input and gradients of the parameters of one block.
std::vector<Tensor> results_of(bool recompute, bool input_has_gradient) {
  ParallelDecoderBlock block(8, 2, 16);
  Rng rng(3);
  {
    const at::NoGradGuard no_gradient;
    for (auto& parameter : block->parameters()) parameter.copy_(rng.normal(parameter.sizes()));
  }
  const Tensor x = rng.normal({2, 5, 8}).requires_grad_(input_has_gradient);
  const RopeTables rope = rope_tables(0, 5, 2, 10000, x);
  int num_calls = 0;
  const auto forward = [&](const Tensor& input) {
    ++num_calls;
    return block->forward(input, Tensor(), rope, nullptr, nullptr);
  };
  const Tensor y = recompute ? recomputed(x, forward) : forward(x);
  y.square().sum().backward();
  EXPECT_EQ(num_calls, recompute ? 2 : 1);
  std::vector<Tensor> results = {y.detach()};
  if (input_has_gradient) results.push_back(x.grad());
  for (const auto& parameter : block->parameters()) results.push_back(parameter.grad());
  return results;
}

TEST(Recompute, ValuesAndGradientsStayAsTheyAre) {
  for (const bool input_has_gradient : {true, false}) {
    const auto plain = results_of(false, input_has_gradient), again = results_of(true, input_has_gradient);
    ASSERT_EQ(plain.size(), again.size());
    for (size_t i = 0; i < plain.size(); ++i) EXPECT_TRUE(plain[i].equal(again[i])) << i;
  }
}

// As where an encoder is frozen and what comes behind it is trained.
TEST(Recompute, AFrozenBlockBehindAFrozenInputIsPassedBy) {
  const Tensor weight = at::ones({2}).requires_grad_();
  const Tensor y = recomputed(at::ones({2}), [](const Tensor& x) { return x * 3; });
  (y * weight).sum().backward();
  EXPECT_TRUE(weight.grad().equal(at::full({2}, 3.0F)));
}

TEST(Recompute, WithoutGradientsNothingIsKept) {
  const at::NoGradGuard no_gradient;
  const Tensor y = recomputed(at::ones({2}), [](const Tensor& x) { return x * 3; });
  EXPECT_TRUE(y.equal(at::full({2}, 3.0F)));
  EXPECT_FALSE(y.requires_grad());
}

}  // namespace
}  // namespace umm::nn
