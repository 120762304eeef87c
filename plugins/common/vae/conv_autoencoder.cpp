#include "vae/conv_autoencoder.h"

#include <ATen/ATen.h>

#include "umm/error.h"

namespace umm::vae {
namespace {

using torch::nn::Conv2d;
using torch::nn::GroupNorm;

Conv2d conv3x3(int64_t in, int64_t out) {
  return Conv2d(torch::nn::Conv2dOptions(in, out, 3).padding(1));
}
Conv2d conv1x1(int64_t in, int64_t out) {
  return Conv2d(torch::nn::Conv2dOptions(in, out, 1));
}

GroupNorm group_norm(int64_t groups, int64_t channels) {
  UMM_CHECK(channels % groups == 0, "conv autoencoder: ", groups, " norm groups do not divide ", channels,
            " channels");
  return GroupNorm(torch::nn::GroupNormOptions(groups, channels).eps(1e-6));
}

class ResidualBlockImpl : public torch::nn::Module {
 public:
  ResidualBlockImpl(int64_t in, int64_t out, int64_t groups)
      : norm1_(group_norm(groups, in)),
        conv1_(conv3x3(in, out)),
        norm2_(group_norm(groups, out)),
        conv2_(conv3x3(out, out)) {
    register_module("norm1", norm1_);
    register_module("conv1", conv1_);
    register_module("norm2", norm2_);
    register_module("conv2", conv2_);
    if (in != out) shortcut_ = register_module("nin_shortcut", conv1x1(in, out));
  }

  Tensor forward(const Tensor& x) {
    const Tensor h = conv2_(at::silu(norm2_(conv1_(at::silu(norm1_(x))))));
    return (shortcut_.is_empty() ? x : shortcut_(x)) + h;
  }

 private:
  GroupNorm norm1_;
  Conv2d conv1_;
  GroupNorm norm2_;
  Conv2d conv2_;
  Conv2d shortcut_{nullptr};
};

class AttentionBlockImpl : public torch::nn::Module {
 public:
  AttentionBlockImpl(int64_t channels, int64_t groups)
      : norm_(group_norm(groups, channels)),
        q_(conv1x1(channels, channels)),
        k_(conv1x1(channels, channels)),
        v_(conv1x1(channels, channels)),
        proj_out_(conv1x1(channels, channels)) {
    register_module("norm", norm_);
    register_module("q", q_);
    register_module("k", k_);
    register_module("v", v_);
    register_module("proj_out", proj_out_);
  }

  Tensor forward(const Tensor& x) {
    const Tensor h = norm_(x);
    const auto tokens = [](const Tensor& map) { return map.flatten(2).transpose(1, 2).unsqueeze(1); };
    const Tensor seen =
        at::scaled_dot_product_attention(tokens(q_(h)), tokens(k_(h)), tokens(v_(h)));  // [B, 1, HW, C]
    return x + proj_out_(seen.squeeze(1).transpose(1, 2).reshape(x.sizes()));
  }

 private:
  GroupNorm norm_;
  Conv2d q_, k_, v_, proj_out_;
};

// Halves the side; the missing row and column are zeros on the right and at the bottom.
class DownsampleImpl : public torch::nn::Module {
 public:
  explicit DownsampleImpl(int64_t channels)
      : conv_(torch::nn::Conv2dOptions(channels, channels, 3).stride(2)) {
    register_module("conv", conv_);
  }

  Tensor forward(const Tensor& x) { return conv_(at::constant_pad_nd(x, {0, 1, 0, 1})); }

 private:
  Conv2d conv_;
};

class UpsampleImpl : public torch::nn::Module {
 public:
  explicit UpsampleImpl(int64_t channels) : conv_(conv3x3(channels, channels)) {
    register_module("conv", conv_);
  }

  Tensor forward(const Tensor& x) { return conv_(at::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)})); }

 private:
  Conv2d conv_;
};

// The blocks of one level, and the step to the next where there is one.
class LevelImpl : public torch::nn::Module {
 public:
  LevelImpl(int64_t in, int64_t out, int64_t num_blocks, int64_t groups) {
    for (int64_t i = 0; i < num_blocks; ++i)
      blocks_->push_back(std::make_shared<ResidualBlockImpl>(i == 0 ? in : out, out, groups));
    register_module("block", blocks_);
  }

  void attend_after_each_block(int64_t channels, int64_t groups) {
    for (size_t i = 0; i < blocks_->size(); ++i)
      attentions_->push_back(std::make_shared<AttentionBlockImpl>(channels, groups));
    register_module("attn", attentions_);
  }
  void end_with_downsample(int64_t channels) {
    downsample_ = register_module("downsample", std::make_shared<DownsampleImpl>(channels));
  }
  void end_with_upsample(int64_t channels) {
    upsample_ = register_module("upsample", std::make_shared<UpsampleImpl>(channels));
  }

  Tensor forward(Tensor x) {
    for (size_t i = 0; i < blocks_->size(); ++i) {
      x = blocks_[i]->as<ResidualBlockImpl>()->forward(x);
      if (!attentions_->is_empty()) x = attentions_[i]->as<AttentionBlockImpl>()->forward(x);
    }
    if (downsample_) x = downsample_->forward(x);
    if (upsample_) x = upsample_->forward(x);
    return x;
  }

 private:
  torch::nn::ModuleList blocks_, attentions_;
  std::shared_ptr<DownsampleImpl> downsample_;
  std::shared_ptr<UpsampleImpl> upsample_;
};

int64_t channels_of(const ConvLevels& levels, size_t level) {
  return levels.channels * levels.multipliers.at(level);
}
int64_t coarsest_channels(const ConvLevels& levels) {
  return channels_of(levels, levels.multipliers.size() - 1);
}

}  // namespace

class MiddleImpl : public torch::nn::Module {
 public:
  MiddleImpl(int64_t channels, int64_t groups)
      : block_1_(std::make_shared<ResidualBlockImpl>(channels, channels, groups)),
        attn_1_(std::make_shared<AttentionBlockImpl>(channels, groups)),
        block_2_(std::make_shared<ResidualBlockImpl>(channels, channels, groups)) {
    register_module("block_1", block_1_);
    register_module("attn_1", attn_1_);
    register_module("block_2", block_2_);
  }

  Tensor forward(const Tensor& x) { return block_2_->forward(attn_1_->forward(block_1_->forward(x))); }

 private:
  std::shared_ptr<ResidualBlockImpl> block_1_;
  std::shared_ptr<AttentionBlockImpl> attn_1_;
  std::shared_ptr<ResidualBlockImpl> block_2_;
};

ConvEncoderImpl::ConvEncoderImpl(const ConvAutoencoderConfig& config)
    : conv_in_(conv3x3(3, config.encoder.channels)),
      conv_out_(conv3x3(coarsest_channels(config.encoder), config.encoded_channels())),
      norm_out_(group_norm(config.norm_groups, coarsest_channels(config.encoder))),
      mid_(std::make_shared<MiddleImpl>(coarsest_channels(config.encoder), config.norm_groups)) {
  const auto& levels = config.encoder;
  for (size_t l = 0; l < levels.multipliers.size(); ++l) {
    const int64_t in = l == 0 ? levels.channels : channels_of(levels, l - 1);
    auto level =
        std::make_shared<LevelImpl>(in, channels_of(levels, l), levels.num_blocks.at(l), config.norm_groups);
    const bool is_coarsest = l + 1 == levels.multipliers.size();
    if (is_coarsest && config.encoder_attention)
      level->attend_after_each_block(channels_of(levels, l), config.norm_groups);
    if (!is_coarsest) level->end_with_downsample(channels_of(levels, l));
    down_->push_back(level);
  }
  register_module("conv_in", conv_in_);
  register_module("down", down_);
  register_module("mid", mid_);
  register_module("norm_out", norm_out_);
  register_module("conv_out", conv_out_);
  if (config.code_convolutions)
    quant_conv_ =
        register_module("quant_conv", conv1x1(config.encoded_channels(), config.encoded_channels()));
}

Tensor ConvEncoderImpl::forward(const Tensor& images) {
  Tensor x = conv_in_(images);
  for (const auto& level : *down_) x = level->as<LevelImpl>()->forward(x);
  x = conv_out_(at::silu(norm_out_(mid_->forward(x))));
  return quant_conv_.is_empty() ? x : quant_conv_(x);
}

ConvDecoderImpl::ConvDecoderImpl(const ConvAutoencoderConfig& config)
    : conv_in_(conv3x3(config.code_channels, coarsest_channels(config.decoder))),
      conv_out_(conv3x3(channels_of(config.decoder, 0), 3)),
      norm_out_(group_norm(config.norm_groups, channels_of(config.decoder, 0))),
      mid_(std::make_shared<MiddleImpl>(coarsest_channels(config.decoder), config.norm_groups)) {
  const auto& levels = config.decoder;
  for (size_t l = 0; l < levels.multipliers.size(); ++l) {
    const size_t coarser = l + 1 < levels.multipliers.size() ? l + 1 : l;
    auto level = std::make_shared<LevelImpl>(channels_of(levels, coarser), channels_of(levels, l),
                                             levels.num_blocks.at(l), config.norm_groups);
    if (l > 0) level->end_with_upsample(channels_of(levels, l));
    up_->push_back(level);
  }
  if (config.code_convolutions)
    post_quant_conv_ =
        register_module("post_quant_conv", conv1x1(config.code_channels, config.code_channels));
  register_module("conv_in", conv_in_);
  register_module("mid", mid_);
  register_module("up", up_);
  register_module("norm_out", norm_out_);
  register_module("conv_out", conv_out_);
}

Tensor ConvDecoderImpl::forward(const Tensor& codes) {
  Tensor x = post_quant_conv_.is_empty() ? codes : post_quant_conv_(codes);
  x = mid_->forward(conv_in_(x));
  for (size_t l = up_->size(); l-- > 0;) x = up_[l]->as<LevelImpl>()->forward(x);
  return conv_out_(at::silu(norm_out_(x)));
}

}  // namespace umm::vae
