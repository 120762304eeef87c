// The decoder of Qwen2 and Qwen2.5 (Yang et al. 2024, arXiv 2407.10671): RMSNorm before attention and before
// a gated MLP, grouped queries, rotary positions on whole heads, biases on queries, keys and values only; the
// head reads the word embeddings backwards. Submodules carry the names of the published weights. B batch, L
// tokens, C width, V vocabulary
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/embedding.h>

#include <cstdint>

#include "nn/causal_model.h"
#include "nn/rms_norm.h"

namespace umm::nn {

struct Qwen2Config {
  int64_t vocabulary_size = 0;
  int64_t width = 0;
  int64_t num_layers = 0;
  int64_t num_heads = 0;            // of queries
  int64_t num_key_value_heads = 0;  // divides num_heads
  int64_t mlp_width = 0;
  double rope_theta = 1e6;
  double norm_epsilon = 1e-6;
  bool recompute = false;  // activation checkpointing of every block
};

class UMM_API Qwen2Impl : public torch::nn::Module, public CausalModel {
 public:
  explicit Qwen2Impl(const Qwen2Config& config);

  const Tensor& weight() const { return embed_tokens_->weight; }  // tells device and dtype

  Tensor embed(const Tensor& token_ids) override { return embed_tokens_(token_ids); }
  Tensor forward(Tensor x, const Tensor& mask, int64_t position = 0, const KeyValueCache* prefix = nullptr,
                 KeyValueCache* present = nullptr) override {
    return last_hidden(x, mask, x.size(1), position, prefix, present);
  }
  Tensor logits(const Tensor& hidden, int64_t first, int64_t count) const override;

  // As forward(), for the last `count` tokens alone: the others pass the last block as keys and values only.
  Tensor last_hidden(const Tensor& x, const Tensor& mask, int64_t count, int64_t position = 0,
                     const KeyValueCache* prefix = nullptr,
                     KeyValueCache* present = nullptr);  // [B, L, C] -> [B, count, C]

 private:
  Qwen2Config config_;
  torch::nn::Embedding embed_tokens_;
  torch::nn::ModuleList layers_;
  RmsNorm norm_;
};
TORCH_MODULE(Qwen2);

}  // namespace umm::nn
