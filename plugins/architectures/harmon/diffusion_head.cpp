#include "diffusion_head.h"

#include <ATen/ATen.h>
#include <torch/nn/modules/normalization.h>

#include <cmath>
#include <memory>

#include "nn/folder.h"

namespace umm::harmon {
namespace {

constexpr int64_t kTimeFeatures = 256;
constexpr double kLongestPeriod = 10000, kEpsilon = 1e-6;

Tensor modulated(const Tensor& x, const Tensor& shift, const Tensor& scale) {
  return at::addcmul(x + shift, x, scale);
}

// The published list is an activation and this layer.
std::shared_ptr<nn::Folder> modulation_folder(const torch::nn::Linear& linear) {
  auto folder = std::make_shared<nn::Folder>();
  folder->register_module("1", linear);
  return folder;
}

class ModulatedBlock : public torch::nn::Module {
 public:
  explicit ModulatedBlock(int64_t width)
      : norm_(torch::nn::LayerNormOptions({width}).eps(kEpsilon)),
        mlp_(width, width, width, nn::Activation::silu),
        modulation_(width, 3 * width) {
    register_module("in_ln", norm_);
    register_module("mlp", mlp_);
    register_module("adaLN_modulation", modulation_folder(modulation_));
  }

  Tensor forward(const Tensor& x, const Tensor& modulation) {
    const auto parts = modulation.chunk(3, 1);  // shift, scale, gate [K, W]
    return at::addcmul(x, parts[2], mlp_(modulated(norm_(x), parts[0], parts[1])));
  }

  torch::nn::Linear& modulation() { return modulation_; }

 private:
  torch::nn::LayerNorm norm_;
  nn::Projector mlp_;
  torch::nn::Linear modulation_;
};

void fill_with_zeros(torch::nn::Linear& linear) {
  linear->weight.zero_();
  linear->bias.zero_();
}

}  // namespace

DiffusionHead::DiffusionHead(const DiffusionHeadConfig& config)
    : time_embed_(kTimeFeatures, config.width, config.width, nn::Activation::silu),
      cond_embed_(config.condition_width, config.width),
      input_proj_(config.token_channels, config.width),
      final_modulation_(config.width, 2 * config.width),
      final_linear_(config.width, 2 * config.token_channels) {
  for (int64_t i = 0; i < config.num_blocks; ++i)
    res_blocks_->push_back(std::make_shared<ModulatedBlock>(config.width));
  auto time = std::make_shared<nn::Folder>();
  time->register_module("mlp", time_embed_);
  auto final_layer = std::make_shared<nn::Folder>();
  final_layer->register_module("linear", final_linear_);
  final_layer->register_module("adaLN_modulation", modulation_folder(final_modulation_));
  auto net = register_module("net", std::make_shared<nn::Folder>());
  net->register_module("time_embed", time);
  net->register_module("cond_embed", cond_embed_);
  net->register_module("input_proj", input_proj_);
  net->register_module("res_blocks", res_blocks_);
  net->register_module("final_layer", final_layer);
}

// Cosines, then sines.
Tensor DiffusionHead::time(const Tensor& timesteps) {
  const Tensor& weight = input_proj_->weight;
  constexpr int64_t half = kTimeFeatures / 2;
  const auto options = weight.options().dtype(at::kFloat).requires_grad(false);
  const Tensor frequencies =
      at::exp(at::arange(half, options) * (-std::log(kLongestPeriod) / static_cast<double>(half)));
  const Tensor angles = at::outer(timesteps.to(at::kFloat), frequencies);  // [K, 128]
  return time_embed_(at::cat({angles.cos(), angles.sin()}, 1).to(weight.scalar_type()));
}

std::vector<Tensor> DiffusionHead::modulations(const Tensor& told) {
  const Tensor activated = at::silu(told);  // [K, W]
  std::vector<Tensor> all;
  for (const auto& block : *res_blocks_) all.push_back(block->as<ModulatedBlock>()->modulation()(activated));
  all.push_back(final_modulation_(activated));
  return all;
}

Tensor DiffusionHead::forward(const Tensor& x, const std::vector<Tensor>& modulations) {
  Tensor h = input_proj_(x.to(input_proj_->weight.scalar_type()));  // [K, W]
  for (size_t i = 0; i < res_blocks_->size(); ++i)
    h = res_blocks_->ptr(i)->as<ModulatedBlock>()->forward(h, modulations[i]);
  const auto parts = modulations.back().chunk(2, 1);  // shift, scale [K, W]
  const Tensor normalized = at::layer_norm(h, {h.size(1)}, {}, {}, kEpsilon);
  return final_linear_(modulated(normalized, parts[0], parts[1]));  // [K, 2 Z]
}

void DiffusionHead::zero_modulations() {
  const at::NoGradGuard no_gradient;
  for (const auto& block : *res_blocks_) fill_with_zeros(block->as<ModulatedBlock>()->modulation());
  fill_with_zeros(final_modulation_);
  fill_with_zeros(final_linear_);
}

}  // namespace umm::harmon
