// Pre-normalised transformer block in which every token sees every other (Dosovitskiy et al. 2021, as in
// timm's Block): x + Attention(LN(x)), then x + MLP(LN(x)), with one matrix for queries, keys and values.
// B batch, N tokens, C width, R rows
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>

#include "nn/dropout.h"
#include "nn/mlp.h"
#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::nn {

class FusedAttentionImpl;

class UMM_API EncoderBlockImpl : public torch::nn::Module {
 public:
  EncoderBlockImpl(int64_t width, int64_t num_heads, int64_t mlp_width);

  // `rows` [B, R] int64: the tokens whose output is wanted, which still see all; undefined: all of them.
  // Dropout on attention weights, after the attention, and twice in the MLP.
  Tensor forward(const Tensor& x, const Dropout& dropout = {},
                 const Tensor& rows = {});  // [B, N, C] -> [B, N or R, C]

 private:
  torch::nn::LayerNorm norm1_, norm2_;
  std::shared_ptr<FusedAttentionImpl> attn_;
  Mlp mlp_;
};
TORCH_MODULE(EncoderBlock);

// The tokens `rows` [B, R] of `x` [B, N, C]: [B, R, C].
UMM_API Tensor take_rows(const Tensor& x, const Tensor& rows);

}  // namespace umm::nn
