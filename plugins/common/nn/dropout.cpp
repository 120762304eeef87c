#include "nn/dropout.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>

#include <mutex>

namespace umm::nn {

void Dropout::begin(const Tensor& x) const {
  if (probability == 0 || x.is_meta()) return;
  at::Generator generator = at::globalContext().defaultGenerator(x.device());
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(seed);
}

Tensor Dropout::operator()(const Tensor& x) const {
  return probability == 0 ? x : at::dropout(x, probability, /*train=*/true);
}

}  // namespace umm::nn
