// Convolutional encoder and decoder between pictures and a small grid of features, in the layout of latent
// diffusion (Rombach et al. 2022), with the names of its weights: the part that MAGVIT-v2's image tokenizer
// (Yu et al. 2024) and autoencoders with a Gaussian latent (autoencoder_kl.h) share.
// Level 0 is the finest. Each level but the coarsest halves (encoder) or doubles (decoder) the side.
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>
#include <vector>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::vae {

struct ConvLevels {
  int64_t channels = 0;              // of the finest level, before its multiplier
  std::vector<int64_t> multipliers;  // channels of level l = channels * multipliers[l]
  std::vector<int64_t> num_blocks;   // residual blocks of each level
};

struct ConvAutoencoderConfig {
  ConvLevels encoder, decoder;
  int64_t code_channels = 0;
  int64_t norm_groups = 0;         // of every GroupNorm
  bool encoder_attention = false;  // after each residual block of the encoder's coarsest level
  bool moments = false;            // the encoder gives two features for each channel of the code
  bool code_convolutions = true;   // 1x1 convolutions on the code are part of encoder and decoder

  int64_t encoded_channels() const { return moments ? 2 * code_channels : code_channels; }

  int64_t stride() const { return int64_t{1} << (encoder.multipliers.size() - 1); }  // pixels per code
};

// Residual, single-head attention, residual, at the coarsest level: mid.{block_1,attn_1,block_2}.
class MiddleImpl;

class UMM_API ConvEncoderImpl : public torch::nn::Module {
 public:
  explicit ConvEncoderImpl(const ConvAutoencoderConfig& config);

  Tensor forward(const Tensor& images);  // [B, 3, H, W] -> [B, encoded_channels, H / stride, W / stride]

 private:
  torch::nn::Conv2d conv_in_, conv_out_, quant_conv_{nullptr};
  torch::nn::GroupNorm norm_out_;
  torch::nn::ModuleList down_;
  std::shared_ptr<MiddleImpl> mid_;
};
TORCH_MODULE(ConvEncoder);

class UMM_API ConvDecoderImpl : public torch::nn::Module {
 public:
  explicit ConvDecoderImpl(const ConvAutoencoderConfig& config);

  Tensor forward(const Tensor& codes);  // [B, code_channels, h, w] -> [B, 3, h * stride, w * stride]

 private:
  torch::nn::Conv2d post_quant_conv_{nullptr}, conv_in_, conv_out_;
  torch::nn::GroupNorm norm_out_;
  torch::nn::ModuleList up_;
  std::shared_ptr<MiddleImpl> mid_;
};
TORCH_MODULE(ConvDecoder);

}  // namespace umm::vae
