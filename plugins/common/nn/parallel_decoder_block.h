// Decoder block whose attention and MLP read the same LayerNorm and are added side by side:
//   h = LN(x);  out = x + Attention(h) + MLP(h)
// Queries and keys are normalised per head, with weights shared over heads, before they are rotated.
// Keys and values of a prefix can be handed in, so that tokens which never change are computed once.
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>

#include "nn/attention.h"
#include "nn/mlp.h"
#include "nn/rope.h"
#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::nn {

class UMM_API ParallelAttentionImpl : public torch::nn::Module {
 public:
  ParallelAttentionImpl(int64_t width, int64_t num_heads);

  // `mask` [B, 1, L, prefix + L]. `prefix`: what the tokens also look at, or null. `present`: where to put
  // keys and values of prefix and tokens, or null.
  Tensor forward(const Tensor& x, const Tensor& mask, const RopeTables& rope, const KeyValue* prefix,
                 KeyValue* present);  // [B, L, C]

 private:
  int64_t num_heads_;
  torch::nn::Linear q_proj_, k_proj_, v_proj_, dense_;
  torch::nn::LayerNorm q_layernorm_, k_layernorm_;
};
TORCH_MODULE(ParallelAttention);

class UMM_API ParallelDecoderBlockImpl : public torch::nn::Module {
 public:
  ParallelDecoderBlockImpl(int64_t width, int64_t num_heads, int64_t mlp_width);

  Tensor forward(const Tensor& x, const Tensor& mask, const RopeTables& rope,
                 const KeyValue* prefix = nullptr,
                 KeyValue* present = nullptr);  // [B, L, C]

 private:
  torch::nn::LayerNorm input_layernorm_;
  ParallelAttention self_attn_;
  Mlp mlp_;
};
TORCH_MODULE(ParallelDecoderBlock);

}  // namespace umm::nn
