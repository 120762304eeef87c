#include "nn/attention.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <vector>

#include "umm/error.h"
#include "umm/random.h"

namespace umm::nn {
namespace {

TEST(Visibility, FollowsItsRuleElementByElement) {
  // Every combination of flags, as a sequence of 32 positions and shuffled.
  Rng rng(3);
  const Tensor order = rng.permutation(32);
  const Tensor roles = at::stack({at::arange(32), order}).to(at::kByte);
  const Tensor visible = visibility(roles);
  ASSERT_EQ(visible.sizes(), (std::vector<int64_t>{2, 32, 32}));
  for (int64_t b = 0; b < 2; ++b)
    for (int64_t r = 0; r < 32; ++r)
      for (int64_t c = 0; c < 32; ++c) {
        const int row = roles[b][r].item<int>(), column = roles[b][c].item<int>();
        const bool reachable = c <= r || (column & 2) || (row & 4) || ((row & 8) && (column & 8));
        const bool expected = (reachable && (column & 1)) || ((row & 16) && (column & 16) && c <= r);
        ASSERT_EQ(visible[b][r][c].item<bool>(), expected) << b << " " << r << " " << c;
      }
}

TEST(Visibility, RejectsOtherTypes) {
  EXPECT_THROW(visibility(at::ones({2, 3})), Error);
}

TEST(AdditiveMask, IsZeroOrTheLeastInt64) {
  const Tensor mask =
      additive_mask(at::tensor(std::vector<uint8_t>{1, 0}).to(at::kBool).view({1, 1, 2}), at::kFloat);
  EXPECT_EQ(mask.sizes(), (std::vector<int64_t>{1, 1, 1, 2}));
  EXPECT_EQ(mask[0][0][0][0].item<float>(), 0);
  EXPECT_EQ(mask[0][0][0][1].item<float>(), -9.2233720368547758e18f);
}

TEST(Attention, WeighsValuesBySoftmaxOfScaledScores) {
  // Two keys; scores 2 log 3 / sqrt(4) = log 3 against 0 give weights 3/4 and 1/4.
  const float score = 2 * std::log(3.0f);
  const Tensor query = at::tensor({1.f, 0.f, 0.f, 0.f}).view({1, 1, 1, 4});
  const Tensor key = at::tensor({score, 0.f, 0.f, 0.f, 0.f, 1.f, 0.f, 0.f}).view({1, 1, 2, 4});
  const Tensor value = at::tensor({4.f, 0.f, 0.f, 0.f, 0.f, 8.f, 0.f, 0.f}).view({1, 1, 2, 4});
  EXPECT_TRUE(at::allclose(attention(query, key, value, {}).flatten(), at::tensor({3.f, 2.f, 0.f, 0.f})));
  const Tensor hidden =
      additive_mask(at::tensor(std::vector<uint8_t>{0, 1}).to(at::kBool).view({1, 1, 2}), at::kFloat);
  EXPECT_TRUE(at::allclose(attention(query, key, value, hidden).flatten(), at::tensor({0.f, 8.f, 0.f, 0.f})));
}

// On either side of the length from which another kernel computes it.
TEST(Attention, QueriesThatShareKeysSeeThemAsIfRepeated) {
  for (const int64_t num_keys : {5, 70}) {
    Rng rng(4);
    const auto leaf = [&](std::vector<int64_t> sizes) { return rng.normal(sizes).requires_grad_(); };
    const Tensor query = leaf({2, 6, 3, 4}), key = leaf({2, 2, num_keys, 4}),
                 value = leaf({2, 2, num_keys, 4});
    const Tensor mask = additive_mask(rng.uniform({2, 3, num_keys}) < 0.7, at::kFloat);
    for (const Tensor& bias : {mask, Tensor()}) {
      const auto repeated = [](const Tensor& x) { return x.repeat_interleave(3, 1); };
      Tensor scores = at::matmul(query, repeated(key).transpose(2, 3)) / 2;
      if (bias.defined()) scores = scores + bias;
      const Tensor expected = at::matmul(scores.softmax(-1), repeated(value));
      const Tensor seen = attention(query, key, value, bias);
      EXPECT_TRUE(at::allclose(seen, expected, 1e-5, 1e-6)) << num_keys;
      const Tensor direction = rng.normal(seen.sizes());
      const auto gradients = torch::autograd::grad({seen}, {query, key, value}, {direction});
      const auto wanted = torch::autograd::grad({expected}, {query, key, value}, {direction});
      for (size_t i = 0; i < wanted.size(); ++i)
        EXPECT_TRUE(at::allclose(gradients[i], wanted[i], 1e-4, 1e-5)) << num_keys << " " << i;
    }
  }
}

TEST(Heads, SplitAndMergeAreInverse) {
  const Tensor x = at::arange(2 * 3 * 8).view({2, 3, 8});
  const Tensor split = split_heads(x, 2);
  EXPECT_EQ(split.sizes(), (std::vector<int64_t>{2, 2, 3, 4}));
  EXPECT_EQ(split[1][1][2][0].item<int64_t>(), x[1][2][4].item<int64_t>());
  EXPECT_TRUE(at::equal(merge_heads(split), x));
}

}  // namespace
}  // namespace umm::nn
