#include "vae/conv_autoencoder.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "umm/error.h"
#include "umm/random.h"

namespace umm::vae {
namespace {

const ConvAutoencoderConfig kSmall{
    .encoder = {.channels = 4, .multipliers = {1, 2, 2}, .num_blocks = {1, 2, 1}},
    .decoder = {.channels = 4, .multipliers = {1, 1, 3}, .num_blocks = {2, 1, 1}},
    .code_channels = 5,
    .norm_groups = 2};

int64_t count(const torch::nn::Module& module) {
  int64_t sum = 0;
  for (const auto& parameter : module.parameters()) sum += parameter.numel();
  return sum;
}

TEST(ConvAutoencoder, HalvesAndDoublesOncePerLevelButOne) {
  const at::NoGradGuard no_gradient;
  EXPECT_EQ(kSmall.stride(), 4);
  const Tensor z = ConvEncoder(kSmall)(Rng(1).normal({2, 3, 16, 8}));
  EXPECT_EQ(z.sizes(), (std::vector<int64_t>{2, 5, 4, 2}));
  EXPECT_EQ(ConvDecoder(kSmall)(z).sizes(), (std::vector<int64_t>{2, 3, 16, 8}));
}

TEST(ConvAutoencoder, PublishedSizeHasThePublishedParameters) {
  const ConvAutoencoderConfig published{
      .encoder = {.channels = 128, .multipliers = {1, 2, 2, 4, 4}, .num_blocks = {4, 3, 4, 3, 4}},
      .decoder = {.channels = 128, .multipliers = {1, 1, 2, 2, 4}, .num_blocks = {4, 4, 3, 4, 3}},
      .code_channels = 13,
      .norm_groups = 32};
  ConvEncoder encoder(published);
  ConvDecoder decoder(published);
  EXPECT_EQ(count(*encoder) + count(*decoder), 95387004);
  const auto encoder_names = encoder->named_parameters(), decoder_names = decoder->named_parameters();
  EXPECT_EQ(encoder_names.size() + decoder_names.size(), 380);  // and two buffers
  std::set<std::string> shortcuts;
  for (const auto& item : encoder_names)
    if (item.key().ends_with("nin_shortcut.weight")) shortcuts.insert("encoder." + item.key());
  for (const auto& item : decoder_names)
    if (item.key().ends_with("nin_shortcut.weight")) shortcuts.insert("decoder." + item.key());
  EXPECT_EQ(shortcuts,
            (std::set<std::string>{
                "encoder.down.1.block.0.nin_shortcut.weight", "encoder.down.3.block.0.nin_shortcut.weight",
                "decoder.up.3.block.0.nin_shortcut.weight", "decoder.up.1.block.0.nin_shortcut.weight"}));
  for (const char* name :
       {"conv_in.weight", "down.3.downsample.conv.bias", "mid.block_1.norm1.weight", "mid.attn_1.q.weight",
        "mid.attn_1.norm.bias", "mid.attn_1.proj_out.weight", "mid.block_2.conv2.bias", "norm_out.weight",
        "conv_out.weight", "quant_conv.weight"})
    EXPECT_TRUE(encoder_names.contains(name)) << name;
  for (const char* name : {"post_quant_conv.bias", "up.4.upsample.conv.weight", "up.1.upsample.conv.weight",
                           "up.0.block.3.conv2.weight", "norm_out.bias", "conv_out.bias"})
    EXPECT_TRUE(decoder_names.contains(name)) << name;
  EXPECT_FALSE(decoder_names.contains("up.0.upsample.conv.weight"));
  EXPECT_FALSE(encoder_names.contains("down.4.downsample.conv.weight"));
}

TEST(ConvAutoencoder, RejectsGroupsThatDoNotDivide) {
  ConvAutoencoderConfig config = kSmall;
  config.norm_groups = 3;
  EXPECT_THROW(ConvEncoder{config}, Error);
}

}  // namespace
}  // namespace umm::vae
