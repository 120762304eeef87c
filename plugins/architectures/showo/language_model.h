// The language model of Show-o: Phi-1.5's decoder (Li et al. 2023) with normalised queries and keys, over one
// vocabulary of words and image codes.   B batch, L tokens, C width, V vocabulary
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>
#include <vector>

#include "nn/parallel_decoder_block.h"
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

struct GreedyConfig {
  int64_t num_words = 0;  // tokens from the first of the vocabulary that may come out
  int64_t end_id = 0;     // ends a row; fills it from there on
  int64_t max_tokens = 0;
};

using KeyValueCache = std::vector<nn::KeyValue>;  // one per layer

class LanguageModel : public torch::nn::Module {
 public:
  // `tied_embeddings`: the head reads the word embeddings backwards and has a bias of its own only.
  LanguageModel(const LanguageModelConfig& config, int64_t vocabulary_size, bool tied_embeddings);

  Tensor embed(const Tensor& token_ids) { return embed_tokens_(token_ids); }  // [B, L] -> [B, L, C]

  const Tensor& weight() const { return embed_tokens_->weight; }  // tells device and dtype

  // Hidden states after the final norm. The tokens stand at `position` and later; `prefix` holds what came
  // before (null: nothing), `present` receives prefix and tokens (null: not wanted).
  Tensor forward(Tensor x, const Tensor& mask, int64_t position = 0, const KeyValueCache* prefix = nullptr,
                 KeyValueCache* present = nullptr);  // [B, L, C], mask [B, 1, L, prefix + L]

  // The likeliest token after each prompt, again and again: [B, T], T <= max_tokens. Every new token sees
  // what the prompt's last token sees, and the new ones before it.
  Tensor continue_greedily(const Tensor& prompt, const Tensor& visible,
                           const GreedyConfig& config);  // [B, L, C], [B, L, L] bool

  // Scores in float32 of the vocabulary's entries first .. first + count - 1.
  Tensor logits(const Tensor& hidden, int64_t first, int64_t count) const;  // [..., C] -> [..., count]

 private:
  LanguageModelConfig config_;
  torch::nn::Embedding embed_tokens_;
  torch::nn::ModuleList layers_;
  torch::nn::LayerNorm final_layernorm_;
  Tensor head_weight_;  // [V, C]
  Tensor head_bias_;    // [V]
};

}  // namespace umm::showo
