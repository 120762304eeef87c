#include "diffusion/masked_sampler.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "umm/error.h"
#include "umm/random.h"

namespace umm::diffusion {
namespace {

constexpr int64_t kBatch = 3, kTokens = 16, kCodes = 7;

TEST(Decayed, TemperatureOfFiftyStepsIsCumulative) {
  double temperature = 1;
  std::vector<double> seen;
  for (int s = 0; s < 5; ++s) seen.push_back(temperature = decayed(temperature, (s + 1) / 50.0));
  const std::vector<double> expected = {.98, .941, .884, .814, .732};
  for (size_t s = 0; s < seen.size(); ++s) EXPECT_NEAR(seen[s], expected[s], 1e-3);
}

TEST(MaskedStep, SamplesTheCodeWhoseShareTheDrawFallsIn) {
  const Tensor shares = at::tensor({.1f, .2f, .3f, .4f}).log().expand({1, 6, 4});
  const MaskedState state{at::zeros({1, 6}, at::kLong), at::ones({1, 6}, at::kBool)};
  const Tensor draws = at::tensor({0.f, .09f, .11f, .35f, .61f, .999f}).view({1, 6});
  const auto next = masked_step(shares, state, {0.5, 0, draws, at::full({1, 6}, .5f)});
  EXPECT_TRUE(at::equal(next.codes, at::tensor({0, 0, 1, 2, 3, 3}, at::kLong).view({1, 6})));
}

TEST(MaskedStep, HidesTheLeastCertainAgain) {
  // Certainty of the only likely code rises along the row; no noise. floor(16 cos(pi/4)) = 11 stay hidden.
  Tensor logits = at::zeros({1, kTokens, kCodes});
  logits.select(2, 0).copy_(at::arange(kTokens).to(at::kFloat) + 5);
  const MaskedState state{at::zeros({1, kTokens}, at::kLong), at::ones({1, kTokens}, at::kBool)};
  const auto next =
      masked_step(logits, state, {0.5, 0, at::zeros({1, kTokens}), at::full({1, kTokens}, .5f)});
  EXPECT_TRUE(at::equal(next.hidden, (at::arange(kTokens) < 11).unsqueeze(0))) << next.hidden;
}

TEST(MaskedStep, KnownTokensKeepCodeAndPlace) {
  Rng rng(2);
  const Tensor hidden = at::arange(kTokens).remainder(2).to(at::kBool).expand({kBatch, kTokens});
  const MaskedState state{at::full({kBatch, kTokens}, 6, at::kLong), hidden};
  const auto next = masked_step(rng.normal({kBatch, kTokens, kCodes}), state,
                                {0.9, 10, rng.uniform({kBatch, kTokens}), rng.uniform({kBatch, kTokens})});
  EXPECT_TRUE(next.codes.masked_select(~hidden).eq(6).all().item<bool>());
  EXPECT_FALSE((next.hidden & ~hidden).any().item<bool>());
}

TEST(MaskedSample, HiddenCountFallsAlongTheCosineByAtLeastOne) {
  Rng rng(3);
  const int64_t num_steps = 12;
  std::vector<Tensor> counts;
  const Tensor draws = rng.uniform({num_steps, 2, kBatch, kTokens});
  const Tensor codes = masked_sample(
      [&](const MaskedState& state) {
        counts.push_back(state.hidden.sum(1));
        return rng.normal({kBatch, kTokens, kCodes});
      },
      draws, 1.0);
  ASSERT_EQ(counts.size(), 12u);
  int64_t expected = kTokens;
  for (int64_t s = 0; s < num_steps; ++s) {
    EXPECT_TRUE(counts[s].eq(expected).all().item<bool>()) << "step " << s << ": " << counts[s];
    const auto planned = static_cast<int64_t>(kTokens * std::cos(M_PI / 2 * (s + 1) / num_steps));
    expected = std::max<int64_t>(1, std::min(expected - 1, planned));
  }
  EXPECT_TRUE((codes.ge(0) & codes.lt(kCodes)).all().item<bool>());
}

TEST(MaskedSample, RejectsDrawsOfAnotherShape) {
  EXPECT_THROW(masked_sample([](const MaskedState& s) { return s.codes; }, at::zeros({2, 3, 4}), 1), Error);
}

}  // namespace
}  // namespace umm::diffusion
