// Autoencoder with a Gaussian latent (Kingma & Welling 2014; KL-regularised as in Rombach et al. 2022).
// B batch, C channels of the latent, h = H / stride, w = W / stride
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>

#include "umm/tensor.h"
#include "umm/version.h"
#include "vae/conv_autoencoder.h"

namespace umm::vae {

struct UMM_API Gaussian {
  Tensor mean;          // [B, C, h, w]
  Tensor log_variance;  // [B, C, h, w], in [-30, 20]

  // KL divergence to N(0, 1), nats, summed over a latent: [B].
  Tensor divergence() const;
};

class UMM_API AutoencoderKlImpl : public torch::nn::Module {
 public:
  // Levels, code_channels, norm_groups and encoder_attention of `config` count; the rest follows.
  explicit AutoencoderKlImpl(ConvAutoencoderConfig config);

  const Tensor& weight() const { return quant_conv_->weight; }  // tells device and dtype

  Gaussian encode(const Tensor& images);  // [B, 3, H, W]
  Tensor decode(const Tensor& latents);   // [B, C, h, w] -> [B, 3, H, W]

 private:
  ConvEncoder encoder_{nullptr};
  ConvDecoder decoder_{nullptr};
  torch::nn::Conv2d quant_conv_{nullptr}, post_quant_conv_{nullptr};
};
TORCH_MODULE(AutoencoderKl);

}  // namespace umm::vae
