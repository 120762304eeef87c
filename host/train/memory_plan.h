// What a stage holds in memory whatever a step needs on top.
#pragma once

#include <cstdint>
#include <string>

#include "train/optimizer.h"
#include "umm/architecture.h"

namespace umm {

struct MemoryPlan {
  int64_t weights_bytes = 0;    // of the model, in its dtype
  int64_t gradients_bytes = 0;  // of what is trained, in the model's dtype
  int64_t optimizer_bytes = 0;  // moments, masters, EMA

  // "memory: weights 7.05 GiB, gradients 0.47 GiB, optimizer 0.94 GiB: 8.46 GiB, and activations on top"
  std::string text() const;
};

MemoryPlan memory_plan(Architecture& model, const Optimizer& optimizer);

}  // namespace umm
