// Fresh weights, drawn from an Rng alone.
#pragma once

#include <torch/nn/module.h>

#include <memory>

#include "umm/random.h"
#include "umm/version.h"

namespace umm::nn {

enum class LinearLaw {
  normal,  // N(0, standard_deviation^2)
  xavier,  // U(-b, b), b = sqrt(6 / (inputs + outputs)) (Glorot & Bengio 2010)
};

// Fills every parameter under `root`, each from its own stream named after it, so that adding a layer leaves
// the others as they were:
//   Linear                                                  by `law`, biases 0
//   Embedding and parameters outside known layers           N(0, standard_deviation^2)
//   Conv2d                                                  U(-b, b), b = 1 / sqrt(fan-in), biases too
//   LayerNorm, GroupNorm, RmsNorm                           weight 1, bias 0
UMM_API void initialize(const std::shared_ptr<torch::nn::Module>& root, double standard_deviation,
                        const Rng& rng, LinearLaw law = LinearLaw::normal);

}  // namespace umm::nn
