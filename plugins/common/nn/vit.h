// Vision transformer with a class token and pre-normalised blocks (Dosovitskiy et al. 2021, in the variant of
// Radford et al. 2021: a LayerNorm before the first block, quick GELU). Submodules carry the names of the
// published weights, "pre_layrnorm" included.   B batch, N patches, C width
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>

#include "nn/mlp.h"
#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::nn {

struct VitConfig {
  int64_t image_size = 0;  // pixels
  int64_t patch_size = 0;  // pixels
  int64_t width = 0;
  int64_t num_layers = 0;  // blocks that run; a published tower that is read before its end has more
  int64_t num_heads = 0;
  int64_t mlp_width = 0;

  int64_t num_patches() const { return (image_size / patch_size) * (image_size / patch_size); }
};

class UMM_API VisionTransformerImpl : public torch::nn::Module {
 public:
  explicit VisionTransformerImpl(const VitConfig& config);

  // Patch features after the last block, class token dropped, no final norm.
  Tensor forward(const Tensor& images);  // [B, 3, H, W] -> [B, N, C]

 private:
  Tensor embed(const Tensor& images);  // [B, 1 + N, C]

  VitConfig config_;
  Tensor class_embedding_;  // [C]
  torch::nn::Conv2d patch_embedding_;
  torch::nn::Embedding position_embedding_;
  torch::nn::LayerNorm pre_norm_;
  torch::nn::ModuleList layers_;
};
TORCH_MODULE(VisionTransformer);

}  // namespace umm::nn
