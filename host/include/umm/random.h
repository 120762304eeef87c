// Randomness. All of it comes through an Rng that the host hands in: exact resume depends on it.
//
// An Rng is a key and a counter, nothing else. `fork` derives an independent stream from a name and an
// index without advancing the parent, so the host can recreate the stream of any training step:
//   Rng(seed).fork("stage reca").fork("step", 317)
// Tensors are drawn on the CPU, so that a run has the same draws on every device.
#pragma once

#include <cstdint>
#include <string_view>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm {

class UMM_API Rng {
 public:
  explicit Rng(uint64_t seed);

  // An independent stream for `purpose` and `index`. Equal arguments give equal streams.
  Rng fork(std::string_view purpose, uint64_t index = 0) const;

  uint64_t next();                 // uniform over 64 bits
  double uniform();                // [0, 1)
  int64_t integer(int64_t bound);  // [0, bound), bound > 0
  bool chance(double probability);

  Tensor uniform(at::IntArrayRef sizes);  // float32, [0, 1)
  Tensor normal(at::IntArrayRef sizes);   // float32, N(0, 1)
  Tensor permutation(int64_t length);     // int64 [length]

 private:
  uint64_t key_;
  uint64_t counter_ = 0;
};

}  // namespace umm
