// Counts the work that this thread gives LibTorch while a meter lives, backward passes included.
#pragma once

#include <ATen/record_function.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <atomic>
#include <cstdint>
#include <memory>

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
  at::CallbackHandle callback_;
  int64_t tokens_before_;
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
