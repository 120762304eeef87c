// The head that turns what is known of a token into the token itself, by diffusion: a small residual network
// over single vectors, modulated by time and condition (Li et al. 2024, arXiv 2406.11838).
// K vectors, Z channels of a token, D width of the condition, W width of the head
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/linear.h>

#include <cstdint>
#include <vector>

#include "nn/mlp.h"
#include "umm/tensor.h"

namespace umm::harmon {

struct DiffusionHeadConfig {
  int64_t token_channels = 0;   // Z
  int64_t condition_width = 0;  // D
  int64_t width = 0;            // W
  int64_t num_blocks = 0;
};

class DiffusionHead : public torch::nn::Module {
 public:
  explicit DiffusionHead(const DiffusionHeadConfig& config);

  Tensor time(const Tensor& timesteps);                         // [K] int64 -> [K, W]
  Tensor condition(const Tensor& z) { return cond_embed_(z); }  // [K, D] -> [K, W]

  // Of every block and the last layer; `told`: time plus condition. They do not depend on the vectors, so a
  // sampler has those of many steps at once.
  std::vector<Tensor> modulations(const Tensor& told);  // [K, W] -> [K, 3 W] each, [K, 2 W]

  Tensor forward(const Tensor& x, const std::vector<Tensor>& modulations);  // [K, Z] -> [K, 2 Z]

  // Modulations and the last layer begin at zero, so that a fresh head predicts nothing (reference:
  // diffloss.py).
  void zero_modulations();

 private:
  nn::Projector time_embed_;
  torch::nn::Linear cond_embed_, input_proj_;
  torch::nn::ModuleList res_blocks_;
  torch::nn::Linear final_modulation_, final_linear_;
};

}  // namespace umm::harmon
