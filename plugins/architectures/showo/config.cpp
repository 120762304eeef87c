#include "config.h"

#include "umm/error.h"

namespace umm::showo {
namespace {

ShowoConfig tiny() {
  return {
      .image_size = 32,
      .num_words = 0,
      .text_length = 32,
      .recon_text_length = 24,
      .system_prompt = "",
      .language_model = {.width = 96, .num_layers = 4, .num_heads = 4, .mlp_width = 384, .rotary_width = 12},
      .tied_embeddings = true,
      .has_tower = true,
      .tower = {.image_size = 32,
                .patch_size = 16,
                .width = 64,
                .num_layers = 3,
                .num_heads = 4,
                .mlp_width = 256},
      .tower_pixels = {},
      .image_tokenizer =
          {.encoder = {.channels = 16, .multipliers = {1, 2, 3, 4}, .num_blocks = {1, 1, 1, 1}},
           .decoder = {.channels = 16, .multipliers = {1, 2, 3, 4}, .num_blocks = {1, 1, 1, 1}},
           .code_channels = 10,
           .norm_groups = 8},
      .codec_loss = {}};
}

ShowoConfig published(int64_t image_size, bool has_tower) {
  return {.image_size = image_size,
          .num_words = 50295,
          .text_length = 128,
          .recon_text_length = 128,
          // Part of the published input format: understanding was tuned with these words in front.
          .system_prompt =
              has_tower
                  ? "A chat between a curious user and an artificial intelligence assistant. The assistant "
                    "gives helpful, detailed, and polite answers to the user's questions."
                  : "",
          .language_model =
              {.width = 2048, .num_layers = 24, .num_heads = 32, .mlp_width = 8192, .rotary_width = 32},
          .tied_embeddings = false,
          .has_tower = has_tower,
          .tower = {.image_size = 336,
                    .patch_size = 14,
                    .width = 1024,
                    .num_layers = 23,
                    .num_heads = 16,
                    .mlp_width = 4096},
          .tower_pixels = {.mean = {0.48145466, 0.4578275, 0.40821073},
                           .deviation = {0.26862954, 0.26130258, 0.27577711}},
          .image_tokenizer =
              {.encoder = {.channels = 128, .multipliers = {1, 2, 2, 4, 4}, .num_blocks = {4, 3, 4, 3, 4}},
               .decoder = {.channels = 128, .multipliers = {1, 1, 2, 2, 4}, .num_blocks = {4, 4, 3, 4, 3}},
               .code_channels = 13,
               .norm_groups = 32},
          .codec_loss = {}};
}

ShowoConfig preset(const std::string& name) {
  if (name == "tiny") return tiny();
  if (name == "256_clip") return published(256, /*has_tower=*/true);
  if (name == "512_clip") return published(512, /*has_tower=*/true);
  if (name == "256_vq") return published(256, /*has_tower=*/false);
  if (name == "512_vq") return published(512, /*has_tower=*/false);
  throw InputError("Show-o has no preset '" + name + "'");
}

}  // namespace

std::vector<std::string> preset_names() {
  return {"tiny", "256_clip", "512_clip", "256_vq", "512_vq"};
}

ShowoConfig config_of(const Options& options) {
  ShowoConfig config = preset(options.text("preset"));
  if (const std::string& head = options.text("head"); head != "preset")
    config.tied_embeddings = head == "tied";
  config.language_model.recompute = options.boolean("recompute");
  return config;
}

}  // namespace umm::showo
