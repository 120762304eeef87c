#include "vae/lfq.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "umm/random.h"

namespace umm::vae {
namespace {

TEST(Lfq, ChannelZeroIsTheMostSignificantBitAndZeroIsMinusOne) {
  // Four codes of three bits, in raster order: 100, 001, 000 (a zero is not above zero), 111.
  const Tensor z =
      at::tensor({.5f, -1.f, 0.f, 2.f, -.5f, -1.f, 0.f, 2.f, -.5f, 1.f, 0.f, 2.f}).view({1, 3, 2, 2});
  const Tensor indices = lfq_indices(z);
  EXPECT_TRUE(at::equal(indices, at::tensor({4, 1, 0, 7}, at::kLong).view({1, 4})));
  EXPECT_TRUE(at::equal(lfq_signs_of(indices, 3, 2), lfq_signs(z)));
}

TEST(Lfq, EveryIndexSurvives) {
  const Tensor all = at::arange(1024).view({1, 1024});
  EXPECT_TRUE(at::equal(lfq_indices(lfq_signs_of(all, 10, 32)), all));
}

TEST(Lfq, GradientPassesStraightThrough) {
  Tensor z = Rng(1).normal({1, 3, 2, 2}).requires_grad_();
  const Tensor weight = Rng(2).normal({1, 3, 2, 2});
  (lfq_signs(z) * weight).sum().backward();
  EXPECT_TRUE(at::equal(z.grad(), weight));
}

TEST(Lfq, TermsOfKnownFeatures) {
  // One channel, half of the features at +3, half at -3: distance 2 to the sign, both values equally used.
  const Tensor balanced = at::tensor({3.f, -3.f}).view({1, 1, 1, 2});
  EXPECT_NEAR(lfq_terms(balanced).commitment.item<double>(), 4, 1e-6);
  EXPECT_NEAR(lfq_terms(balanced).diversity.item<double>(), std::log(2.0), 1e-6);
  const Tensor one_sided = at::tensor({30.f, 30.f}).view({1, 1, 1, 2});
  EXPECT_NEAR(lfq_terms(one_sided).diversity.item<double>(), 0, 1e-6);
}

}  // namespace
}  // namespace umm::vae
