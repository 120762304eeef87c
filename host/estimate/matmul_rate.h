// What a device does at best: plain matrix products.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

namespace umm {

// Floating-point operations a second of the fastest of a few products. Models reach a part of it.
double matmul_flops_per_second(const c10::Device& device, c10::ScalarType dtype);

}  // namespace umm
