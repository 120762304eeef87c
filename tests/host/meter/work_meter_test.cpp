#include "meter/work_meter.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace umm {
namespace {

constexpr double kMultiplyAdd = 2;

TEST(WorkMeter, CountsMatrixProductsForwardAndBackward) {
  const auto x = at::ones({3, 5, 7}).requires_grad_(), weight = at::ones({11, 7}).requires_grad_();
  const WorkMeter meter;
  const auto y = at::linear(x, weight);
  EXPECT_EQ(meter.flops(), kMultiplyAdd * 15 * 7 * 11);
  y.sum().backward();
  EXPECT_EQ(meter.flops(), 3 * kMultiplyAdd * 15 * 7 * 11);
}

TEST(WorkMeter, CountsConvolutionsForwardAndBackward) {
  const auto x = at::ones({2, 3, 8, 8}), weight = at::ones({4, 3, 3, 3}).requires_grad_();
  const WorkMeter meter;
  const auto y = at::conv2d(x, weight, {}, 2, 1);  // [2, 4, 4, 4]
  const double forward = kMultiplyAdd * (2 * 4 * 4 * 4) * (3 * 3 * 3);
  EXPECT_EQ(meter.flops(), forward);
  y.sum().backward();
  EXPECT_EQ(meter.flops(), 2 * forward) << "the input needs no gradient";
}

TEST(WorkMeter, CountsTransposedConvolutions) {
  const auto x = at::ones({2, 3, 4, 4}), weight = at::ones({3, 5, 2, 2});
  const WorkMeter meter;
  at::conv_transpose2d(x, weight, {}, 2);
  EXPECT_EQ(meter.flops(), kMultiplyAdd * (2 * 3 * 4 * 4) * (5 * 2 * 2));
}

TEST(WorkMeter, CountsAttention) {
  const auto query = at::ones({2, 3, 5, 8}).requires_grad_(), key = at::ones({2, 3, 7, 8});
  const WorkMeter meter;
  const auto y = at::scaled_dot_product_attention(query, key, key);
  const double forward = 2 * kMultiplyAdd * 2 * 3 * 5 * 7 * 8;
  EXPECT_EQ(meter.flops(), forward);
  y.sum().backward();
  EXPECT_EQ(meter.flops(), 3.5 * forward);
}

TEST(WorkMeter, SeesTheLargestSumOfTensorsHeld) {
  const auto before = at::ones({1 << 20});
  const WorkMeter meter;
  at::ones({1 << 10});
  { const auto first = at::ones({1 << 12}), second = at::ones({1 << 12}); }
  const auto third = at::ones({1 << 11});
  EXPECT_EQ(meter.peak_bytes(), 2 * (4 << 12));
}

TEST(WorkMeter, StopsWithItsLife) {
  double counted = 0;
  {
    const WorkMeter meter;
    at::mm(at::ones({2, 2}), at::ones({2, 2}));
    counted = meter.flops();
  }
  EXPECT_EQ(counted, 16);
  const WorkMeter meter;
  EXPECT_EQ(meter.flops(), 0);
}

}  // namespace
}  // namespace umm
