#include "nn/rope.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "umm/error.h"
#include "umm/random.h"

namespace umm::nn {
namespace {

TEST(Rope, TurnsHalfPairsByPositionTimesFrequency) {
  // Rotated width 4 of 6, theta 100: frequencies 1 and 1/10; feature 0 pairs with 2, 1 with 3, 4 and 5 stay.
  const Tensor x = at::tensor({1.f, 1.f, 0.f, 0.f, 5.f, 6.f}).view({1, 1, 1, 6});
  const Tensor turned = apply_rope(x, rope_tables(2, 1, 4, 100, x)).flatten();
  const Tensor expected =
      at::tensor({std::cos(2.f), std::cos(0.2f), std::sin(2.f), std::sin(0.2f), 5.f, 6.f});
  EXPECT_TRUE(at::allclose(turned, expected)) << turned;
}

TEST(Rope, ScoresDependOnDistanceOnly) {
  Rng rng(1);
  const Tensor query = rng.normal({1, 1, 1, 8}), key = rng.normal({1, 1, 1, 8});
  const auto score = [&](int64_t at_query, int64_t at_key) {
    const Tensor turned_query = apply_rope(query, rope_tables(at_query, 1, 4, 10000, query));
    return (turned_query * apply_rope(key, rope_tables(at_key, 1, 4, 10000, key))).sum().item<double>();
  };
  EXPECT_NEAR(score(7, 3), score(104, 100), 1e-4);
  EXPECT_GT(std::abs(score(7, 3) - score(7, 4)), 1e-3);
}

TEST(Rope, GradientIsThatOfTheMatrixItMultipliesBy) {
  Rng rng(2);
  const Tensor x = rng.normal({2, 3, 5, 6}).requires_grad_(), direction = rng.normal({2, 3, 5, 6});
  const auto tables = rope_tables(1, 5, 4, 100, x);
  const Tensor gradient = torch::autograd::grad({apply_rope(x, tables)}, {x}, {direction})[0];
  // Row i of the matrix of a position: what the i-th unit vector becomes.
  const Tensor units = at::eye(6).view({1, 6, 1, 6}).expand({1, 6, 5, 6});
  const Tensor matrices = apply_rope(units, tables)[0].transpose(0, 1);  // [5, 6, 6]
  EXPECT_TRUE(at::allclose(gradient, at::einsum("lij,bhlj->bhli", {matrices, direction}), 1e-5, 1e-6));
}

TEST(Rope, RejectsTablesOfAnotherLength) {
  const Tensor x = at::zeros({1, 1, 3, 8});
  EXPECT_THROW(apply_rope(x, rope_tables(0, 2, 4, 10000, x)), Error);
  EXPECT_THROW(rope_tables(0, 2, 3, 10000, x), Error);
}

}  // namespace
}  // namespace umm::nn
