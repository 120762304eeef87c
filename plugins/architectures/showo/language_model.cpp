#include "language_model.h"

#include <ATen/ATen.h>

#include <memory>

#include "nn/folder.h"
#include "nn/parallel_decoder_block.h"

namespace umm::showo {

LanguageModel::LanguageModel(const LanguageModelConfig& config, int64_t vocabulary_size, bool tied_embeddings)
    : config_(config),
      embed_tokens_(vocabulary_size, config.width),
      final_layernorm_(torch::nn::LayerNormOptions({config.width})) {
  for (int64_t i = 0; i < config.num_layers; ++i)
    layers_->push_back(nn::ParallelDecoderBlock(config.width, config.num_heads, config.mlp_width));
  auto model = std::make_shared<nn::Folder>();
  model->register_module("embed_tokens", embed_tokens_);
  model->register_module("layers", layers_);
  model->register_module("final_layernorm", final_layernorm_);
  register_module("model", model);

  auto head = std::make_shared<nn::Folder>();
  if (tied_embeddings)
    head_weight_ = embed_tokens_->weight;
  else
    head_weight_ = head->register_parameter("weight", at::zeros({vocabulary_size, config.width}));
  head_bias_ = head->register_parameter("bias", at::zeros({vocabulary_size}));
  register_module("lm_head", head);
}

Tensor LanguageModel::forward(Tensor x, const Tensor& mask, int64_t position, const nn::KeyValueCache* prefix,
                              nn::KeyValueCache* present) {
  using Block = nn::ParallelDecoderBlockImpl;
  const auto rope = nn::rope_tables(position, x.size(1), config_.rotary_width, config_.rope_theta, x);
  return final_layernorm_(nn::run_blocks<Block>(
      layers_, x, config_.recompute, prefix, present,
      [=](Block& block, size_t, const Tensor& h, const nn::KeyValue* before, nn::KeyValue* after) {
        return block.forward(h, mask, rope, before, after);
      }));
}

Tensor LanguageModel::logits(const Tensor& hidden, int64_t first, int64_t count) const {
  return at::linear(hidden, head_weight_.narrow(0, first, count), head_bias_.narrow(0, first, count))
      .to(at::kFloat);
}

}  // namespace umm::showo
