#include "nn/dropout.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace umm::nn {
namespace {

TEST(Dropout, OneSeedDropsTheSame) {
  const Tensor x = at::ones({1000});
  const auto dropped = [&](uint64_t seed) {
    const Dropout dropout{.probability = 0.25, .seed = seed};
    dropout.begin(x);
    return dropout(x);
  };
  EXPECT_TRUE(dropped(1).equal(dropped(1)));
  EXPECT_FALSE(dropped(1).equal(dropped(2)));
}

TEST(Dropout, KeepsTheExpectation) {
  const Dropout dropout{.probability = 0.25, .seed = 5};
  const Tensor x = at::ones({4000});
  dropout.begin(x);
  const Tensor y = dropout(x);
  EXPECT_NEAR(y.eq(0).to(at::kFloat).mean().item<double>(), 0.25, 0.03);
  EXPECT_TRUE((y.eq(0) | (y - 4.0 / 3).abs().lt(1e-6)).all().item<bool>());
}

TEST(Dropout, ProbabilityZeroIsTheIdentity) {
  const Tensor x = at::ones({3});
  EXPECT_TRUE(Dropout{}(x).is_same(x));
}

}  // namespace
}  // namespace umm::nn
