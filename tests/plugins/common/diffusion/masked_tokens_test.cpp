#include "diffusion/masked_tokens.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace umm::diffusion {
namespace {

TEST(CosineMaskedCount, FollowsTheCosine) {
  EXPECT_EQ(cosine_masked_count(0, 16), 16);
  EXPECT_EQ(cosine_masked_count(0.5, 16), 11);         // 16 x 0.7071 = 11.3
  EXPECT_EQ(cosine_masked_count(2.0 / 3, 16), 8);      // cosine of 60 degrees
  EXPECT_EQ(cosine_masked_count(0.25, 1024), 946);     // 1024 x 0.92388 = 946.05
  EXPECT_EQ(cosine_masked_count(0.9999999, 1024), 1);  // never none
}

TEST(DrawTokenMask, HidesUniformlyPlacedTokens) {
  Rng rng(4);
  const Tensor mask = draw_token_mask(4000, 16, rng);
  EXPECT_EQ(mask.sizes(), (std::vector<int64_t>{4000, 16}));
  const Tensor counts = mask.sum(1);
  EXPECT_GE(counts.min().item<int64_t>(), 1);
  EXPECT_EQ(counts.max().item<int64_t>(), 16);
  EXPECT_NEAR(counts.to(at::kFloat).mean().item<double>() / 16, 2 / M_PI,
              0.02);  // mean of cos over a quarter
  const Tensor places = mask.to(at::kFloat).mean(0);
  EXPECT_LT((places - 2 / M_PI).abs().max().item<double>(), 0.04);
}

TEST(SupervisedCrossEntropy, SumsPerSampleOverMarkedRowsOnly) {
  const Tensor hidden = Rng(1).normal({2, 3, 4}),
               targets = at::tensor({0, 1, 2, 3, 0, 1}, at::kLong).view({2, 3});
  const Tensor marks = at::tensor(std::vector<uint8_t>{1, 0, 1, 0, 1, 0}).to(at::kBool).view({2, 3});
  int64_t rows_seen = 0;
  const auto loss = supervised_cross_entropy(hidden, marks, targets, [&](const Tensor& rows) {
    rows_seen = rows.size(0);
    return 2 * rows;
  });
  EXPECT_EQ(rows_seen, 3);
  const Tensor all = -(2 * hidden).log_softmax(-1).gather(-1, targets.unsqueeze(-1)).squeeze(-1);
  EXPECT_TRUE(at::allclose(loss.sum, at::stack({all[0][0] + all[0][2], all[1][1]})));
  EXPECT_TRUE(at::equal(loss.count, at::tensor({2.f, 1.f})));
}

}  // namespace
}  // namespace umm::diffusion
