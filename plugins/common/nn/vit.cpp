#include "nn/vit.h"

#include <ATen/ATen.h>
#include <torch/nn/modules/linear.h>

#include "nn/attention.h"
#include "nn/folder.h"
#include "umm/error.h"

namespace umm::nn {
namespace {

class VitAttentionImpl : public torch::nn::Module {
 public:
  VitAttentionImpl(int64_t width, int64_t num_heads)
      : num_heads_(num_heads),
        q_proj_(width, width),
        k_proj_(width, width),
        v_proj_(width, width),
        out_proj_(width, width) {
    register_module("k_proj", k_proj_);
    register_module("v_proj", v_proj_);
    register_module("q_proj", q_proj_);
    register_module("out_proj", out_proj_);
  }

  Tensor forward(const Tensor& x) {
    const Tensor query = split_heads(q_proj_(x), num_heads_);  // [B, H, L, D]
    const Tensor key = split_heads(k_proj_(x), num_heads_);    // [B, H, L, D]
    const Tensor value = split_heads(v_proj_(x), num_heads_);  // [B, H, L, D]
    return out_proj_(merge_heads(attention(query, key, value, Tensor())));
  }

 private:
  int64_t num_heads_;
  torch::nn::Linear q_proj_, k_proj_, v_proj_, out_proj_;
};
TORCH_MODULE(VitAttention);

class VitBlockImpl : public torch::nn::Module {
 public:
  explicit VitBlockImpl(const VitConfig& config)
      : self_attn_(config.width, config.num_heads),
        layer_norm1_(torch::nn::LayerNormOptions({config.width})),
        mlp_(config.width, config.mlp_width, Activation::quick_gelu),
        layer_norm2_(torch::nn::LayerNormOptions({config.width})) {
    register_module("self_attn", self_attn_);
    register_module("layer_norm1", layer_norm1_);
    register_module("mlp", mlp_);
    register_module("layer_norm2", layer_norm2_);
  }

  Tensor forward(const Tensor& x) {
    const Tensor h = x + self_attn_(layer_norm1_(x));
    return h + mlp_(layer_norm2_(h));
  }

 private:
  VitAttention self_attn_;
  torch::nn::LayerNorm layer_norm1_;
  Mlp mlp_;
  torch::nn::LayerNorm layer_norm2_;
};

}  // namespace

VisionTransformerImpl::VisionTransformerImpl(const VitConfig& config)
    : config_(config),
      patch_embedding_(
          torch::nn::Conv2dOptions(3, config.width, config.patch_size).stride(config.patch_size).bias(false)),
      position_embedding_(config.num_patches() + 1, config.width),
      pre_norm_(torch::nn::LayerNormOptions({config.width})) {
  UMM_CHECK(config.image_size % config.patch_size == 0 && config.width % config.num_heads == 0,
            "vision transformer: patches of ", config.patch_size, " pixels must divide ", config.image_size,
            " pixels, and ", config.num_heads, " heads a width of ", config.width);
  auto embeddings = std::make_shared<Folder>();
  class_embedding_ = embeddings->register_parameter("class_embedding", at::zeros({config.width}));
  embeddings->register_module("patch_embedding", patch_embedding_);
  embeddings->register_module("position_embedding", position_embedding_);
  register_module("embeddings", embeddings);
  register_module("pre_layrnorm", pre_norm_);
  auto encoder = std::make_shared<Folder>();
  for (int64_t i = 0; i < config.num_layers; ++i) layers_->push_back(std::make_shared<VitBlockImpl>(config));
  encoder->register_module("layers", layers_);
  register_module("encoder", encoder);
}

Tensor VisionTransformerImpl::embed(const Tensor& images) {
  expect_shape(images, {-1, 3, config_.image_size, config_.image_size}, "images of the vision transformer");
  const Tensor patches = patch_embedding_(images).flatten(2).transpose(1, 2);              // [B, N, C]
  const Tensor class_token = class_embedding_.expand({images.size(0), 1, config_.width});  // [B, 1, C]
  return at::cat({class_token, patches}, 1) + position_embedding_->weight;                 // [B, 1 + N, C]
}

Tensor VisionTransformerImpl::forward(const Tensor& images) {
  Tensor x = pre_norm_(embed(images));  // [B, 1 + N, C]
  for (const auto& layer : *layers_) x = layer->as<VitBlockImpl>()->forward(x);
  return x.narrow(1, 1, config_.num_patches());
}

}  // namespace umm::nn
