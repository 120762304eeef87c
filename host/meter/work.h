// An amount of a model's work.
#pragma once

#include <cstdint>

namespace umm {

struct Work {
  double flops = 0;    // of matrix products, convolutions and attention; a multiply and an add are two
  int64_t tokens = 0;  // that architectures counted (umm/work.h)

  Work operator+(const Work& other) const { return {flops + other.flops, tokens + other.tokens}; }
  Work operator-(const Work& other) const { return {flops - other.flops, tokens - other.tokens}; }
};

}  // namespace umm
