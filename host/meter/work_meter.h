// Counts the work that this thread gives LibTorch while a meter lives, backward passes included.
#pragma once

#include <c10/core/impl/LocalDispatchKeySet.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "meter/work.h"

namespace umm {

class WorkMeter {
 public:
  WorkMeter();  // one at a time in a process
  ~WorkMeter();
  WorkMeter(const WorkMeter&) = delete;
  WorkMeter& operator=(const WorkMeter&) = delete;

  Work done() const;

 private:
  int64_t tokens_before_;
  std::optional<c10::impl::IncludeDispatchKeyGuard> guard_;
};

// Largest sum of bytes that tensors took and did not give back since the meter began. Tensors of the CPU, of
// CUDA's caching allocator, and of the meta device where count_meta_memory() was called.
class MemoryMeter {
 public:
  MemoryMeter();
  int64_t peak_bytes() const;

 private:
  class Held;
  std::shared_ptr<Held> held_;
  c10::DebugInfoGuard guard_;
};

// Meta tensors hold no memory; from now on those that this process makes are counted as if they did.
void count_meta_memory();

}  // namespace umm
