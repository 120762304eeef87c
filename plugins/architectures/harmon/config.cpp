#include "config.h"

#include "umm/error.h"

namespace umm::harmon {
namespace {

HarmonConfig tiny() {
  return {.image_size = 32,
          .prompt_length = 64,
          .answer_length = 128,
          .wording = {.turn_begin = "user ",
                      .turn_end = " assistant",
                      .end_mark = "",
                      .caption_prefix = "image of ",
                      .no_caption = "image"},
          .language_model = {.vocabulary_size = 0,
                             .width = 96,
                             .num_layers = 4,
                             .num_heads = 4,
                             .num_key_value_heads = 2,
                             .mlp_width = 256,
                             .rope_theta = 1e4},
          .mar = {.width = 96,
                  .num_layers = 2,
                  .num_heads = 4,
                  .num_buffers = 4,
                  .token_channels = 8,
                  .learned_grid = 4,
                  .grid = 4,
                  .num_classes = 0,
                  .dropout = 0,
                  .head_width = 128,
                  .head_blocks = 3},
          // A picture has sixteen tokens only: some are shown more often than by the published law.
          .masked_share = {.minimum = 0.3, .deviation = 0.4},
          .noise_repeats = 3,
          .initial_deviation = 0.1,
          .image_tokenizer =
              {.encoder = {.channels = 16, .multipliers = {1, 2, 3, 4}, .num_blocks = {1, 1, 1, 1}},
               .decoder = {.channels = 16, .multipliers = {1, 2, 3, 4}, .num_blocks = {1, 1, 1, 1}},
               .code_channels = 8,
               .norm_groups = 8},
          .latent_scale = 0.78,
          .codec_loss = {.divergence = 1e-3}};
}

HarmonConfig published(const nn::Qwen2Config& language_model, int64_t mar_width, int64_t mar_layers,
                       int64_t mar_heads, int64_t head_width, int64_t head_blocks) {
  return {.image_size = 512,
          .prompt_length = 128,
          .answer_length = 1471,  // 1472 with one for the picture's place
          .wording = {.turn_begin = "<|im_start|>user\n",
                      .turn_end = "<|im_end|>\n<|im_start|>assistant\n",
                      .end_mark = "<|im_end|>",
                      .caption_prefix = "Generate an image: ",
                      .no_caption = "Generate an image."},
          .language_model = language_model,
          .mar = {.width = mar_width,
                  .num_layers = mar_layers,
                  .num_heads = mar_heads,
                  .num_buffers = 64,
                  .token_channels = 16,
                  .learned_grid = 16,
                  .grid = 32,
                  .num_classes = 1000,
                  .dropout = 0.1,
                  .head_width = head_width,
                  .head_blocks = head_blocks},
          .masked_share = {},
          .image_tokenizer =
              {.encoder = {.channels = 128, .multipliers = {1, 1, 2, 2, 4}, .num_blocks = {2, 2, 2, 2, 2}},
               .decoder = {.channels = 128, .multipliers = {1, 1, 2, 2, 4}, .num_blocks = {3, 3, 3, 3, 3}},
               .code_channels = 16,
               .norm_groups = 32,
               .encoder_attention = true},
          .latent_scale = 0.2325,
          .codec_loss = {}};
}

}  // namespace

HarmonConfig preset(const std::string& name) {
  if (name == "tiny") return tiny();
  if (name == "0.5b")
    return published({.vocabulary_size = 151936,
                      .width = 896,
                      .num_layers = 24,
                      .num_heads = 14,
                      .num_key_value_heads = 2,
                      .mlp_width = 4864},
                     768, 12, 12, 1024, 6);
  if (name == "1.5b")
    return published({.vocabulary_size = 151936,
                      .width = 1536,
                      .num_layers = 28,
                      .num_heads = 12,
                      .num_key_value_heads = 2,
                      .mlp_width = 8960},
                     1280, 20, 16, 1536, 12);
  throw InputError("Harmon has no preset '" + name + "'");
}

std::vector<std::string> preset_names() {
  return {"tiny", "0.5b", "1.5b"};
}

HarmonConfig config_of(const Options& options) {
  HarmonConfig config = preset(options.text("preset"));
  config.language_model.recompute = config.mar.recompute = options.boolean("recompute");
  if (const double dropout = options.number("dropout"); dropout >= 0) config.mar.dropout = dropout;
  return config;
}

}  // namespace umm::harmon
