// Sizes of Harmon's parts: the published presets and the project's tiny one. Facts and sources: harmon.toml.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "diffusion/mar_masks.h"
#include "mar.h"
#include "nn/qwen2.h"
#include "umm/options.h"
#include "vae/conv_autoencoder.h"

namespace umm::harmon {

// What stands around a user's words. A picture goes right behind `turn_begin`.
struct Wording {
  std::string turn_begin, turn_end;
  std::string end_mark;        // ends an answer; "": the vocabulary's own mark
  std::string caption_prefix;  // before a caption
  std::string no_caption;      // without one, and without a condition
};

struct CodecLossWeights {
  double squared_error = 2;  // beside the absolute error, whose weight is 1
  double divergence = 0;     // of the latents' law from N(0, 1), nats per feature of a latent
};

struct HarmonConfig {
  int64_t image_size = 0;     // pixels, generated pictures
  int64_t prompt_length = 0;  // tokens of a prompt to draw from in training, without those of a picture
  int64_t answer_length = 0;  // tokens of question and answer in training, without those of a picture
  Wording wording;
  nn::Qwen2Config language_model;
  MarConfig mar;
  diffusion::MaskedShareLaw masked_share;
  int64_t noise_repeats = 4;        // noise levels for each masked token
  double initial_deviation = 0.02;  // of fresh embeddings, positions and marks
  vae::ConvAutoencoderConfig image_tokenizer;
  double latent_scale = 0;  // of the latents' mean: one over their deviation
  CodecLossWeights codec_loss;
};

// "tiny", and the published ones by the size of their language model.
std::vector<std::string> preset_names();

// Throws InputError where there is no such preset.
HarmonConfig preset(const std::string& name);

// The option `preset`, with what other options change of it.
HarmonConfig config_of(const Options& options);

}  // namespace umm::harmon
