// What a stage holds in memory, and what a step needs on top.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "train/optimizer.h"
#include "umm/architecture.h"

namespace umm {

struct MemoryPlan {
  int64_t weights_bytes = 0;    // of the model, in its dtype
  int64_t gradients_bytes = 0;  // of what is trained, in the model's dtype
  int64_t optimizer_bytes = 0;  // moments, masters, EMA
  // What forward, backward and optimizer step need at most beyond these; nullopt: not known.
  std::optional<int64_t> activations_bytes;

  int64_t total_bytes() const;

  // "memory: weights 7.05 GiB, gradients 0.47 GiB, optimizer 0.94 GiB, activations 1.2 GiB: 9.66 GiB"
  std::string text() const;
};

std::string size_text(int64_t bytes);  // "7.05 GiB"

// Without activations.
MemoryPlan memory_plan(Architecture& model, const Optimizer& optimizer);

}  // namespace umm
