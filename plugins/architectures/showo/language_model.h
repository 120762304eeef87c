// The language model of Show-o: Phi-1.5's decoder (Li et al. 2023) with normalised queries and keys, over one
// vocabulary of words and image codes.   B batch, L tokens, C width, V vocabulary
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>

#include "nn/causal_model.h"
#include "umm/tensor.h"

namespace umm::showo {

struct LanguageModelConfig {
  int64_t width = 0;
  int64_t num_layers = 0;
  int64_t num_heads = 0;
  int64_t mlp_width = 0;
  int64_t rotary_width = 0;  // features of a head that turn with position
  double rope_theta = 10000;
  bool recompute = false;  // activation checkpointing of every block
};

class LanguageModel : public torch::nn::Module, public nn::CausalModel {
 public:
  // `tied_embeddings`: the head reads the word embeddings backwards and has a bias of its own only.
  LanguageModel(const LanguageModelConfig& config, int64_t vocabulary_size, bool tied_embeddings);

  const Tensor& weight() const { return embed_tokens_->weight; }  // tells device and dtype

  Tensor embed(const Tensor& token_ids) override { return embed_tokens_(token_ids); }
  Tensor forward(Tensor x, const Tensor& mask, int64_t position = 0,
                 const nn::KeyValueCache* prefix = nullptr, nn::KeyValueCache* present = nullptr) override;
  Tensor logits(const Tensor& hidden, int64_t first, int64_t count) const override;

 private:
  LanguageModelConfig config_;
  torch::nn::Embedding embed_tokens_;
  torch::nn::ModuleList layers_;
  torch::nn::LayerNorm final_layernorm_;
  Tensor head_weight_;  // [V, C]
  Tensor head_bias_;    // [V]
};

}  // namespace umm::showo
