#include "estimate/matmul_rate.h"

#include <ATen/ATen.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <chrono>
#include <limits>

namespace umm {

double matmul_flops_per_second(const c10::Device& device, c10::ScalarType dtype) {
  const int64_t side = device.is_cpu() ? 1024 : 8192;
  const auto x = at::ones({side, side}, at::TensorOptions().device(device).dtype(dtype));
  const auto finish = [&] {
    if (!device.is_cpu()) c10::impl::VirtualGuardImpl(device.type()).synchronizeDevice(device.index());
  };
  at::mm(x, x);  // loads what is loaded once
  finish();
  const auto now = std::chrono::steady_clock::now;
  const auto seconds_since = [&](auto start) { return std::chrono::duration<double>(now() - start).count(); };
  const auto begin = now();
  double fastest = std::numeric_limits<double>::infinity();
  while (seconds_since(begin) < 0.3) {
    const auto start = now();
    at::mm(x, x);
    finish();
    fastest = std::min(fastest, seconds_since(start));
  }
  return 2.0 * static_cast<double>(side * side * side) / fastest;
}

}  // namespace umm
