#include "nn/qwen2.h"

#include <ATen/ATen.h>
#include <torch/nn/modules/linear.h>

#include "nn/folder.h"
#include "nn/rope.h"
#include "umm/error.h"

namespace umm::nn {
namespace {

using torch::nn::Linear;

Linear linear(int64_t in, int64_t out, bool bias) {
  return Linear(torch::nn::LinearOptions(in, out).bias(bias));
}

Tensor last(const Tensor& x, int64_t count, int64_t axis) {
  return count == x.size(axis) ? x : x.narrow(axis, x.size(axis) - count, count);
}

class GroupedAttentionImpl : public torch::nn::Module {
 public:
  explicit GroupedAttentionImpl(const Qwen2Config& config)
      : num_heads_(config.num_heads), num_key_value_heads_(config.num_key_value_heads) {
    const auto key_width = config.width / num_heads_ * num_key_value_heads_;
    q_proj_ = register_module("q_proj", linear(config.width, config.width, true));
    k_proj_ = register_module("k_proj", linear(config.width, key_width, true));
    v_proj_ = register_module("v_proj", linear(config.width, key_width, true));
    o_proj_ = register_module("o_proj", linear(config.width, config.width, false));
  }

  // For the last `count` tokens of `x`, which see all of it and the prefix.
  Tensor forward(const Tensor& x, const Tensor& mask, const RopeTables& rope, int64_t count,
                 const KeyValue* prefix, KeyValue* present) {
    const RopeTables last_rope{last(rope.cos, count, 0), last(rope.sin, count, 0)};
    const Tensor query =
        apply_rope(split_heads(q_proj_(last(x, count, 1)), num_heads_), last_rope);      // [B, H, count, D]
    const Tensor key = apply_rope(split_heads(k_proj_(x), num_key_value_heads_), rope);  // [B, G, L, D]
    const Tensor value = split_heads(v_proj_(x), num_key_value_heads_);                  // [B, G, L, D]
    const KeyValue seen = extended(prefix, key, value, present);
    const Tensor rows = mask.defined() ? last(mask, count, 2) : mask;
    return o_proj_(merge_heads(attention(query, seen.key, seen.value, rows)));
  }

 private:
  int64_t num_heads_, num_key_value_heads_;
  Linear q_proj_{nullptr}, k_proj_{nullptr}, v_proj_{nullptr}, o_proj_{nullptr};
};
TORCH_MODULE(GroupedAttention);

class GatedMlpImpl : public torch::nn::Module {
 public:
  GatedMlpImpl(int64_t width, int64_t inner_width) {
    gate_proj_ = register_module("gate_proj", linear(width, inner_width, false));
    up_proj_ = register_module("up_proj", linear(width, inner_width, false));
    down_proj_ = register_module("down_proj", linear(inner_width, width, false));
  }

  Tensor forward(const Tensor& x) { return down_proj_(at::silu(gate_proj_(x)) * up_proj_(x)); }

 private:
  Linear gate_proj_{nullptr}, up_proj_{nullptr}, down_proj_{nullptr};
};
TORCH_MODULE(GatedMlp);

class Qwen2BlockImpl : public torch::nn::Module {
 public:
  explicit Qwen2BlockImpl(const Qwen2Config& config)
      : input_layernorm_(config.width, config.norm_epsilon),
        self_attn_(config),
        post_attention_layernorm_(config.width, config.norm_epsilon),
        mlp_(config.width, config.mlp_width) {
    register_module("input_layernorm", input_layernorm_);
    register_module("self_attn", self_attn_);
    register_module("post_attention_layernorm", post_attention_layernorm_);
    register_module("mlp", mlp_);
  }

  Tensor forward(const Tensor& x, const Tensor& mask, const RopeTables& rope, int64_t count,
                 const KeyValue* prefix, KeyValue* present) {
    const Tensor h = last(x, count, 1) + self_attn_(input_layernorm_(x), mask, rope, count, prefix, present);
    return h + mlp_(post_attention_layernorm_(h));  // [B, count, C]
  }

 private:
  RmsNorm input_layernorm_;
  GroupedAttention self_attn_;
  RmsNorm post_attention_layernorm_;
  GatedMlp mlp_;
};

}  // namespace

Qwen2Impl::Qwen2Impl(const Qwen2Config& config)
    : config_(config),
      embed_tokens_(config.vocabulary_size, config.width),
      norm_(config.width, config.norm_epsilon) {
  UMM_CHECK(config.width % config.num_heads == 0 && config.num_heads % config.num_key_value_heads == 0,
            "qwen2: ", config.num_heads, " heads must divide a width of ", config.width, ", and ",
            config.num_key_value_heads, " heads of keys the heads of queries");
  for (int64_t i = 0; i < config.num_layers; ++i)
    layers_->push_back(std::make_shared<Qwen2BlockImpl>(config));
  auto model = std::make_shared<Folder>();
  model->register_module("embed_tokens", embed_tokens_);
  model->register_module("layers", layers_);
  model->register_module("norm", norm_);
  register_module("model", model);
}

Tensor Qwen2Impl::last_hidden(const Tensor& x, const Tensor& mask, int64_t count, int64_t position,
                              const KeyValueCache* prefix, KeyValueCache* present) {
  const auto length = x.size(1);
  const auto head_width = config_.width / config_.num_heads;
  const auto rope = rope_tables(position, length, head_width, config_.rope_theta, x);
  const size_t last_layer = layers_->size() - 1;
  return norm_(run_blocks<Qwen2BlockImpl>(
      layers_, x, config_.recompute, prefix, present,
      [=](Qwen2BlockImpl& block, size_t i, const Tensor& h, const KeyValue* before, KeyValue* after) {
        return block.forward(h, mask, rope, i == last_layer ? count : length, before, after);
      }));
}

Tensor Qwen2Impl::logits(const Tensor& hidden, int64_t first, int64_t count) const {
  return at::linear(hidden, embed_tokens_->weight.narrow(0, first, count)).to(at::kFloat);
}

}  // namespace umm::nn
