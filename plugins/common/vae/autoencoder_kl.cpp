#include "vae/autoencoder_kl.h"

#include <ATen/ATen.h>

namespace umm::vae {
namespace {

torch::nn::Conv2d conv1x1(int64_t channels) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(channels, channels, 1));
}

}  // namespace

Tensor Gaussian::divergence() const {
  return (mean.square() + log_variance.exp() - 1 - log_variance).flatten(1).sum(1) / 2;
}

AutoencoderKlImpl::AutoencoderKlImpl(ConvAutoencoderConfig config) {
  config.moments = true;
  config.code_convolutions = false;
  encoder_ = register_module("encoder", ConvEncoder(config));
  decoder_ = register_module("decoder", ConvDecoder(config));
  quant_conv_ = register_module("quant_conv", conv1x1(config.encoded_channels()));
  post_quant_conv_ = register_module("post_quant_conv", conv1x1(config.code_channels));
}

Gaussian AutoencoderKlImpl::encode(const Tensor& images) {
  const auto moments = quant_conv_(encoder_(images)).chunk(2, 1);
  return {moments[0], moments[1].clamp(-30, 20)};
}

Tensor AutoencoderKlImpl::decode(const Tensor& latents) {
  return decoder_(post_quant_conv_(latents));
}

}  // namespace umm::vae
