#include "train/memory_plan.h"

#include <ATen/core/Tensor.h>
#include <fmt/format.h>

namespace umm {

std::string size_text(int64_t bytes) {
  auto size = static_cast<double>(bytes);
  for (const char* unit : {"bytes", "KiB", "MiB"}) {
    if (size < 1024) return fmt::format("{:.3g} {}", size, unit);
    size /= 1024;
  }
  return fmt::format("{:.3g} GiB", size);
}

int64_t MemoryPlan::total_bytes() const {
  return weights_bytes + gradients_bytes + optimizer_bytes + activations_bytes.value_or(0);
}

std::string MemoryPlan::text() const {
  return fmt::format("memory: weights {}, gradients {}, optimizer {}{}: {}{}", size_text(weights_bytes),
                     size_text(gradients_bytes), size_text(optimizer_bytes),
                     activations_bytes ? ", activations " + size_text(*activations_bytes) : "",
                     size_text(total_bytes()), activations_bytes ? "" : ", and activations on top");
}

MemoryPlan memory_plan(Architecture& model, const Optimizer& optimizer) {
  MemoryPlan plan;
  for (const auto& parameter : model.parameters()) {
    const auto bytes = static_cast<int64_t>(parameter.value.nbytes());
    plan.weights_bytes += bytes;
    if (parameter.value.requires_grad()) plan.gradients_bytes += bytes;
  }
  plan.optimizer_bytes = optimizer.state_bytes();
  return plan;
}

}  // namespace umm
