#include "language_model.h"

#include <ATen/ATen.h>

#include <memory>

#include "nn/attention.h"
#include "nn/folder.h"
#include "nn/recompute.h"

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

Tensor LanguageModel::forward(Tensor x, const Tensor& mask, int64_t position, const KeyValueCache* prefix,
                              KeyValueCache* present) {
  const auto rope = nn::rope_tables(position, x.size(1), config_.rotary_width, config_.rope_theta, x);
  if (present != nullptr) present->resize(layers_->size());
  const bool recompute = config_.recompute && prefix == nullptr && present == nullptr;
  for (size_t i = 0; i < layers_->size(); ++i) {
    auto* layer = layers_[i]->as<nn::ParallelDecoderBlockImpl>();
    if (recompute) {
      x = nn::recomputed(
          x, [=](const Tensor& input) { return layer->forward(input, mask, rope, nullptr, nullptr); });
    } else {
      x = layer->forward(x, mask, rope, prefix != nullptr ? &prefix->at(i) : nullptr,
                         present != nullptr ? &present->at(i) : nullptr);
    }
  }
  return final_layernorm_(x);
}

// No token sees a later one outside the prompt, so keys and values grow by one token a step.
Tensor LanguageModel::continue_greedily(const Tensor& prompt, const Tensor& visible,
                                        const GreedyConfig& config) {
  const auto batch = prompt.size(0), length = prompt.size(1);
  const Tensor one = at::ones({batch, 1}, visible.options());
  Tensor seen = visible.select(1, length - 1);  // [B, L]
  Tensor finished = at::zeros_like(one);        // [B, 1]
  KeyValueCache cache;
  Tensor hidden = forward(prompt, nn::additive_mask(visible, prompt.scalar_type()), 0, nullptr, &cache);
  std::vector<Tensor> tokens = {at::empty({batch, 0}, finished.options().dtype(at::kLong))};
  for (int64_t step = 0; step < config.max_tokens; ++step) {
    const Tensor scores = logits(hidden.slice(1, -1), 0, config.num_words);    // [B, 1, V]
    tokens.push_back(scores.argmax(-1).masked_fill(finished, config.end_id));  // [B, 1]
    finished = finished | tokens.back().eq(config.end_id);
    if (finished.all().item<bool>()) break;
    seen = at::cat({seen, one}, 1);
    const Tensor mask = nn::additive_mask(seen.unsqueeze(1), prompt.scalar_type());  // [B, 1, 1, L]
    hidden = forward(embed(tokens.back()), mask, length + step, &cache, &cache);
  }
  return at::cat(tokens, 1);
}

Tensor LanguageModel::logits(const Tensor& hidden, int64_t first, int64_t count) const {
  return at::linear(hidden, head_weight_.narrow(0, first, count), head_bias_.narrow(0, first, count))
      .to(at::kFloat);
}

}  // namespace umm::showo
