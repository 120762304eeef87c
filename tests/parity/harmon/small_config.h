// The sizes of the reference in whole.py.
#pragma once

#include "config.h"

namespace umm::harmon {

inline constexpr double kLatentScale = 0.2325;
inline constexpr int64_t kPlaces = 16, kBuffers = 3, kPicture = kPlaces + kBuffers;

inline HarmonConfig small_config() {
  return {.image_size = 16,
          .prompt_length = 128,
          .answer_length = 1471,
          .wording = preset("0.5b").wording,
          .language_model = {.vocabulary_size = 910,
                             .width = 24,
                             .num_layers = 2,
                             .num_heads = 3,
                             .num_key_value_heads = 1,
                             .mlp_width = 48},
          .mar = {.width = 32,
                  .num_layers = 2,
                  .num_heads = 4,
                  .num_buffers = kBuffers,
                  .token_channels = 4,
                  .learned_grid = 2,
                  .grid = 4,
                  .num_classes = 10,
                  .head_width = 32,
                  .head_blocks = 2},
          .masked_share = {},
          .image_tokenizer = {.encoder = {.channels = 32, .multipliers = {1, 1, 1}, .num_blocks = {1, 1, 1}},
                              .decoder = {.channels = 32, .multipliers = {1, 1, 1}, .num_blocks = {2, 2, 2}},
                              .code_channels = 4,
                              .norm_groups = 32,
                              .encoder_attention = true},
          .latent_scale = kLatentScale,
          .codec_loss = {}};
}

}  // namespace umm::harmon
