// Activation checkpointing (Chen et al. 2016, arXiv 1604.06174): the forward pass keeps its input alone, and
// the backward pass runs it once more.
#pragma once

#include <functional>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::nn {

// forward(x), with the same value and gradients. `forward` draws nothing, and what it needs besides x and
// parameters (masks, tables) has no gradient. Without gradients it is simply called.
UMM_API Tensor recomputed(const Tensor& x, std::function<Tensor(const Tensor&)> forward);

}  // namespace umm::nn
