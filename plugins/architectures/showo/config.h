// Sizes of Show-o's parts: the published presets and the project's tiny one. Facts and sources: showo.toml.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "language_model.h"
#include "nn/vit.h"
#include "umm/options.h"
#include "vae/conv_autoencoder.h"

namespace umm::showo {

struct CodecLossWeights {
  double squared_error = 2;  // beside the absolute error, whose weight is 1
  double commitment = 0.1;
  double diversity = 0.005;
  double code_dropout = 0.5;  // share of pictures of which the decoder gets a random part of the codes only
};

// Per colour channel, of pixels in [0, 1].
struct PixelStatistics {
  std::vector<double> mean, deviation;
};

struct ShowoConfig {
  int64_t image_size = 0;         // pixels, generated pictures
  int64_t num_words = 0;          // tokens of the text vocabulary; 0: as many as it has
  int64_t text_length = 0;        // tokens, see PackingConfig
  int64_t recon_text_length = 0;  // tokens, see PackingConfig
  std::string system_prompt;
  LanguageModelConfig language_model;
  bool tied_embeddings =
      false;              // the head reads the word embeddings backwards and has a bias of its own only
  bool has_tower = true;  // without one, pictures are seen as image codes
  nn::VitConfig tower;
  PixelStatistics tower_pixels;  // of what the tower was trained on; empty: it sees pixels in [-1, 1]
  vae::ConvAutoencoderConfig image_tokenizer;
  CodecLossWeights codec_loss;

  int64_t grid() const { return image_size / image_tokenizer.stride(); }  // codes along a side
  int64_t num_image_tokens() const { return grid() * grid(); }
  int64_t num_codes() const { return int64_t{1} << image_tokenizer.code_channels; }
};

// "tiny", and the published ones: pictures of 256 or 512 pixels, seen through CLIP or as image codes (vq).
std::vector<std::string> preset_names();

// The option `preset`, with what other options change of it.
ShowoConfig config_of(const Options& options);

}  // namespace umm::showo
