// Convolutional encoder and decoder between pictures and a small grid of features: the layout of MAGVIT-v2's
// image tokenizer (Yu et al. 2024), as Show-o publishes it, with the names of its weights.
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
  int64_t norm_groups = 0;  // of every GroupNorm

  int64_t stride() const { return int64_t{1} << (encoder.multipliers.size() - 1); }  // pixels per code
};

// Residual, single-head attention, residual, at the coarsest level: mid.{block_1,attn_1,block_2}.
class MiddleImpl;

class UMM_API ConvEncoderImpl : public torch::nn::Module {
 public:
  explicit ConvEncoderImpl(const ConvAutoencoderConfig& config);

  Tensor forward(const Tensor& images);  // [B, 3, H, W] -> [B, code_channels, H / stride, W / stride]

 private:
  torch::nn::Conv2d conv_in_, conv_out_, quant_conv_;
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
  torch::nn::Conv2d post_quant_conv_, conv_in_, conv_out_;
  torch::nn::GroupNorm norm_out_;
  torch::nn::ModuleList up_;
  std::shared_ptr<MiddleImpl> mid_;
};
TORCH_MODULE(ConvDecoder);

}  // namespace umm::vae
