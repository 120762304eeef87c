// Fresh weights, drawn from an Rng alone.
#pragma once

#include <torch/nn/module.h>

#include <memory>

#include "umm/random.h"
#include "umm/version.h"

namespace umm::nn {

// Fills every parameter under `root`, each from its own stream named after it, so that adding a layer leaves
// the others as they were:
//   Linear, Embedding and parameters outside known layers   N(0, standard_deviation^2), biases 0
//   Conv2d                                                  U(-b, b), b = 1 / sqrt(fan-in), biases too
//   LayerNorm, GroupNorm, RmsNorm                           weight 1, bias 0
UMM_API void initialize(const std::shared_ptr<torch::nn::Module>& root, double standard_deviation,
                        const Rng& rng);

}  // namespace umm::nn
