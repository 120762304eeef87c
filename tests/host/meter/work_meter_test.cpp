#include "meter/work_meter.h"

#include <ATen/ATen.h>
#include <ATen/ThreadLocalState.h>
#include <gtest/gtest.h>

#include <thread>

#include "umm/error.h"
#include "umm/work.h"

namespace umm {
namespace {

constexpr double kMultiplyAdd = 2;

TEST(WorkMeter, CountsMatrixProductsForwardAndBackward) {
  const auto x = at::ones({3, 5, 7}).requires_grad_(), weight = at::ones({11, 7}).requires_grad_();
  const WorkMeter meter;
  const auto y = at::linear(x, weight);
  EXPECT_EQ(meter.done().flops, kMultiplyAdd * 15 * 7 * 11);
  y.sum().backward();
  EXPECT_EQ(meter.done().flops, 3 * kMultiplyAdd * 15 * 7 * 11);
}

TEST(WorkMeter, CountsConvolutionsForwardAndBackward) {
  const auto x = at::ones({2, 3, 8, 8}), weight = at::ones({4, 3, 3, 3}).requires_grad_();
  const WorkMeter meter;
  const auto y = at::conv2d(x, weight, {}, 2, 1);  // [2, 4, 4, 4]
  const double forward = kMultiplyAdd * (2 * 4 * 4 * 4) * (3 * 3 * 3);
  EXPECT_EQ(meter.done().flops, forward);
  y.sum().backward();
  EXPECT_EQ(meter.done().flops, 2 * forward) << "the input needs no gradient";
}

TEST(WorkMeter, CountsConvolutionsOfAnyShape) {
  const auto expect_counted = [](const at::Tensor& weight, const auto& convolve) {
    const WorkMeter meter;
    const at::Tensor y = convolve();
    const auto window = static_cast<double>(weight.numel() / weight.size(0));
    EXPECT_EQ(meter.done().flops, kMultiplyAdd * static_cast<double>(y.numel()) * window);
  };
  const auto x = at::ones({2, 4, 9, 11}), grouped = at::ones({6, 2, 3, 2}), weight = at::ones({6, 4, 3, 2});
  const std::vector<int64_t> stride = {2, 3}, padding = {1, 0}, dilation = {2, 1};
  expect_counted(grouped, [&] { return at::conv2d(x, grouped, {}, stride, padding, dilation, 2); });
  expect_counted(weight, [&] { return at::conv2d(x[0], weight); });
  const auto line = at::ones({3, 4, 10}), filter = at::ones({5, 4, 3});
  expect_counted(filter, [&] { return at::conv1d(line, filter, {}, 2, 1); });
  expect_counted(filter, [&] { return at::conv1d(line, filter, {}, 1, "same"); });
}

TEST(WorkMeter, CountsTransposedConvolutions) {
  const auto x = at::ones({2, 3, 4, 4}), weight = at::ones({3, 5, 2, 2});
  const WorkMeter meter;
  at::conv_transpose2d(x, weight, {}, 2);
  EXPECT_EQ(meter.done().flops, kMultiplyAdd * (2 * 3 * 4 * 4) * (5 * 2 * 2));
}

TEST(WorkMeter, CountsAttention) {
  const auto query = at::ones({2, 3, 5, 8}).requires_grad_(), key = at::ones({2, 3, 7, 8});
  const WorkMeter meter;
  const auto y = at::scaled_dot_product_attention(query, key, key);
  const double forward = 2 * kMultiplyAdd * 2 * 3 * 5 * 7 * 8;
  EXPECT_EQ(meter.done().flops, forward);
  y.sum().backward();
  EXPECT_EQ(meter.done().flops, 3.5 * forward);
}

TEST(WorkMeter, StopsWithItsLife) {
  double counted = 0;
  {
    const WorkMeter meter;
    at::mm(at::ones({2, 2}), at::ones({2, 2}));
    counted = meter.done().flops;
  }
  EXPECT_EQ(counted, 16);
  const WorkMeter meter;
  EXPECT_EQ(meter.done().flops, 0);
}

TEST(WorkMeter, CountsWhatOtherThreadsComputeForThisOnesGradients) {
  // As on CUDA, whose gradients LibTorch computes on a thread of their own, with this thread's state.
  const auto x = at::ones({2, 3}).requires_grad_(), weight = at::ones({4, 3});
  const WorkMeter meter;
  const auto y = at::linear(x, weight);
  const at::ThreadLocalState state;
  std::thread([&] {
    const at::ThreadLocalStateGuard guard(state);
    y.sum().backward();
  }).join();
  EXPECT_EQ(meter.done().flops, 2 * kMultiplyAdd * 2 * 3 * 4);
}

TEST(WorkMeter, DoesNotCountOtherThreads) {
  const WorkMeter meter;
  std::thread([] { at::mm(at::ones({2, 2}), at::ones({2, 2})); }).join();
  EXPECT_EQ(meter.done().flops, 0);
}

TEST(WorkMeter, CountsTokensThatArchitecturesReport) {
  count_tokens(5);
  const WorkMeter meter;
  count_tokens(7);
  EXPECT_EQ(meter.done().tokens, 7);
}

TEST(WorkMeter, IsOneAtATime) {
  const WorkMeter meter;
  EXPECT_THROW(WorkMeter(), Error);
}

TEST(MemoryMeter, SeesTheLargestSumOfTensorsHeld) {
  const auto before = at::ones({1 << 20});
  const MemoryMeter meter;
  at::ones({1 << 10});
  { const auto first = at::ones({1 << 12}), second = at::ones({1 << 12}); }
  const auto third = at::ones({1 << 11});
  EXPECT_EQ(meter.peak_bytes(), 2 * (4 << 12));
}

}  // namespace
}  // namespace umm
