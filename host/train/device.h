// Where a model runs. The CUDA backend is no dependency of the program: it is brought in at run time from the
// folder of the LibTorch in use, where that holds it and an NVIDIA driver answers.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <string>

#include "umm/architecture.h"

namespace umm {

// "auto" (the first GPU, else the CPU), "cpu", "cuda", "cuda:N". InputError says what a demanded GPU lacks.
// Call before the first tensor operation of the program: LibTorch looks for its CUDA backend once.
c10::Device choose_device(const std::string& name);

c10::ScalarType precision_dtype(const std::string& precision);  // "fp32" | "bf16"

// Moves every tensor of the model in place; floating-point ones take `dtype`. Gradients are dropped.
void place_model(Architecture& model, const c10::Device& device, c10::ScalarType dtype);

}  // namespace umm
