#include "nn/encoder_block.h"

#include <ATen/ATen.h>

#include "nn/attention.h"
#include "umm/error.h"

namespace umm::nn {
namespace {

torch::nn::LayerNorm layer_norm(int64_t width) {
  return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}).eps(1e-6));
}

}  // namespace

Tensor take_rows(const Tensor& x, const Tensor& rows) {
  return x.gather(1, rows.unsqueeze(2).expand({-1, -1, x.size(2)}));
}

class FusedAttentionImpl : public torch::nn::Module {
 public:
  FusedAttentionImpl(int64_t width, int64_t num_heads)
      : num_heads_(num_heads), qkv_(width, 3 * width), proj_(width, width) {
    UMM_CHECK(width % num_heads == 0, "attention: ", num_heads, " heads do not divide a width of ", width);
    register_module("qkv", qkv_);
    register_module("proj", proj_);
  }

  Tensor forward(const Tensor& x, const Dropout& dropout, const Tensor& rows) {
    const auto width = x.size(2);
    Tensor query, key, value;
    if (rows.defined()) {
      const auto part = [&](const Tensor& input, int64_t first, int64_t count) {
        return at::linear(input, qkv_->weight.narrow(0, first, count), qkv_->bias.narrow(0, first, count));
      };
      query = part(take_rows(x, rows), 0, width);  // [B, R, C]
      const auto both = part(x, width, 2 * width).chunk(2, 2);
      key = both[0], value = both[1];
    } else {
      const auto all = qkv_(x).chunk(3, 2);
      query = all[0], key = all[1], value = all[2];
    }
    const auto heads = [this](const Tensor& tokens) { return split_heads(tokens, num_heads_); };
    const Tensor seen = attention(heads(query), heads(key), heads(value), {}, dropout.probability);
    return dropout(proj_(merge_heads(seen)));
  }

 private:
  int64_t num_heads_;
  torch::nn::Linear qkv_, proj_;
};

EncoderBlockImpl::EncoderBlockImpl(int64_t width, int64_t num_heads, int64_t mlp_width)
    : norm1_(layer_norm(width)),
      norm2_(layer_norm(width)),
      attn_(std::make_shared<FusedAttentionImpl>(width, num_heads)),
      mlp_(width, mlp_width, Activation::gelu) {
  register_module("norm1", norm1_);
  register_module("attn", attn_);
  register_module("norm2", norm2_);
  register_module("mlp", mlp_);
}

Tensor EncoderBlockImpl::forward(const Tensor& x, const Dropout& dropout, const Tensor& rows) {
  dropout.begin(x);
  const Tensor kept = rows.defined() ? take_rows(x, rows) : x;
  const Tensor h = kept + attn_->forward(norm1_(x), dropout, rows);
  return h + mlp_->forward(norm2_(h), dropout);
}

}  // namespace umm::nn
