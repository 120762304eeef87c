#include "nn/parallel_decoder_block.h"

#include <ATen/ATen.h>

#include "umm/error.h"

namespace umm::nn {

ParallelAttentionImpl::ParallelAttentionImpl(int64_t width, int64_t num_heads)
    : num_heads_(num_heads),
      q_proj_(width, width),
      k_proj_(width, width),
      v_proj_(width, width),
      dense_(width, width),
      q_layernorm_(torch::nn::LayerNormOptions({width / num_heads})),
      k_layernorm_(torch::nn::LayerNormOptions({width / num_heads})) {
  UMM_CHECK(width % num_heads == 0, "attention: ", num_heads, " heads do not divide a width of ", width);
  register_module("q_proj", q_proj_);
  register_module("k_proj", k_proj_);
  register_module("v_proj", v_proj_);
  register_module("dense", dense_);
  register_module("q_layernorm", q_layernorm_);
  register_module("k_layernorm", k_layernorm_);
}

Tensor ParallelAttentionImpl::forward(const Tensor& x, const Tensor& mask, const RopeTables& rope,
                                      const KeyValue* prefix, KeyValue* present) {
  const Tensor query = apply_rope(q_layernorm_(split_heads(q_proj_(x), num_heads_)), rope);  // [B, H, L, D]
  const Tensor key = apply_rope(k_layernorm_(split_heads(k_proj_(x), num_heads_)), rope);    // [B, H, L, D]
  const KeyValue seen = extended(prefix, key, split_heads(v_proj_(x), num_heads_), present);
  return dense_(merge_heads(attention(query, seen.key, seen.value, mask)));
}

ParallelDecoderBlockImpl::ParallelDecoderBlockImpl(int64_t width, int64_t num_heads, int64_t mlp_width)
    : input_layernorm_(torch::nn::LayerNormOptions({width})),
      self_attn_(width, num_heads),
      mlp_(width, mlp_width, Activation::gelu_tanh) {
  register_module("input_layernorm", input_layernorm_);
  register_module("self_attn", self_attn_);
  register_module("mlp", mlp_);
}

Tensor ParallelDecoderBlockImpl::forward(const Tensor& x, const Tensor& mask, const RopeTables& rope,
                                         const KeyValue* prefix, KeyValue* present) {
  const Tensor h = input_layernorm_(x);
  return x + self_attn_(h, mask, rope, prefix, present) + mlp_(h);
}

}  // namespace umm::nn
