// Counts the work that this thread gives LibTorch while the meter lives, backward passes included.
#pragma once

#include <ATen/record_function.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <cstdint>
#include <memory>

namespace umm {

class WorkMeter {
 public:
  WorkMeter();  // one at a time
  ~WorkMeter();
  WorkMeter(const WorkMeter&) = delete;
  WorkMeter& operator=(const WorkMeter&) = delete;

  // Floating-point operations of matrix products, convolutions and attention; a multiply and an add are two.
  double flops() const;

  // Largest sum of bytes that tensors took and did not give back since the meter began. Tensors of the CPU,
  // of CUDA's caching allocator, and of the meta device where count_meta_memory() was called.
  int64_t peak_bytes() const;

 private:
  class Memory;
  std::shared_ptr<Memory> memory_;
  c10::DebugInfoGuard guard_;
  at::CallbackHandle callback_;
  double flops_ = 0;
};

// Meta tensors hold no memory; from now on those that this process makes are counted as if they did.
void count_meta_memory();

}  // namespace umm
