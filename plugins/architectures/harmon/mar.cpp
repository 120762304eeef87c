#include "mar.h"

#include <ATen/ATen.h>

#include "nn/encoder_block.h"
#include "nn/folder.h"
#include "nn/recompute.h"

namespace umm::harmon {
namespace {

torch::nn::LayerNorm layer_norm(int64_t width) {
  return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}).eps(1e-6));
}

// Rows `places` [B, K] of a table of positions [1, N, D].
Tensor at_places(const Tensor& positions, const Tensor& places) {
  return at::embedding(positions[0], places);  // [B, K, D]
}

}  // namespace

Mar::Mar(const MarConfig& config)
    : config_(config),
      z_proj_(config.token_channels, config.width),
      decoder_embed_(config.width, config.width),
      z_proj_norm_(layer_norm(config.width)),
      encoder_norm_(layer_norm(config.width)),
      decoder_norm_(layer_norm(config.width)),
      diffloss_(std::make_shared<DiffusionHead>(DiffusionHeadConfig{.token_channels = config.token_channels,
                                                                    .condition_width = config.width,
                                                                    .width = config.head_width,
                                                                    .num_blocks = config.head_blocks})) {
  const auto width = config.width, learned = config.learned_grid * config.learned_grid;
  const auto table = [&](const char* name, int64_t rows) {
    return register_parameter(name, at::zeros({1, rows, width}));
  };
  fake_latent_ = register_parameter("fake_latent", at::zeros({1, width}));
  encoder_positions_ = table("encoder_pos_embed_learned", config.num_buffers + learned);
  decoder_positions_ = table("decoder_pos_embed_learned", config.num_buffers + learned);
  diffusion_positions_ = table("diffusion_pos_embed_learned", learned);
  mask_token_ = table("mask_token", 1);
  for (int64_t i = 0; i < config.num_layers; ++i) {
    encoder_blocks_->push_back(nn::EncoderBlock(width, config.num_heads, 4 * width));
    decoder_blocks_->push_back(nn::EncoderBlock(width, config.num_heads, 4 * width));
  }
  register_module("z_proj", z_proj_);
  register_module("z_proj_ln", z_proj_norm_);
  register_module("encoder_blocks", encoder_blocks_);
  register_module("encoder_norm", encoder_norm_);
  register_module("decoder_embed", decoder_embed_);
  register_module("decoder_blocks", decoder_blocks_);
  register_module("decoder_norm", decoder_norm_);
  register_module("diffloss", diffloss_);
  if (config.num_classes == 0) return;
  auto classes = register_module("class_emb", std::make_shared<nn::Folder>());
  classes->register_buffer("weight", at::zeros({config.num_classes, width}));
}

// A learned table, buffers in front where it has them, for the grid of the pictures.
Tensor Mar::positions(const Tensor& learned) const {
  const auto side = config_.learned_grid, grid = config_.grid;
  if (side == grid) return learned;
  const auto num_buffers = learned.size(1) - side * side;
  const Tensor map = learned.slice(1, num_buffers).unflatten(1, {side, side}).permute({0, 3, 1, 2});
  const Tensor stretched =
      at::upsample_bilinear2d(map, {grid, grid}, /*align_corners=*/false);  // [1, D, h, w]
  return at::cat({learned.slice(1, 0, num_buffers), stretched.flatten(2).transpose(1, 2)}, 1);
}

// The last block gives the rows that are wanted, all where they are undefined.
Tensor Mar::run(const torch::nn::ModuleList& blocks, Tensor x, const Tensor& rows, Rng* rng) {
  for (size_t i = 0; i < blocks->size(); ++i) {
    auto* block = blocks->ptr(i)->as<nn::EncoderBlockImpl>();
    const Tensor kept = i + 1 == blocks->size() ? rows : Tensor();
    nn::Dropout dropout;
    if (rng != nullptr && config_.dropout > 0) dropout = {config_.dropout, rng->next()};
    const auto forward = [=](const Tensor& input) { return block->forward(input, dropout, kept); };
    x = config_.recompute ? nn::recomputed(x, forward) : forward(x);
  }
  return x;
}

Tensor Mar::encode(const Tensor& latents, const Tensor& visible, Rng* rng) {
  const auto batch = latents.size(0), num_buffers = config_.num_buffers;
  const Tensor table = positions(encoder_positions_), places = table.slice(1, num_buffers);  // [1, N, D]
  const Tensor tokens =
      z_proj_(latents) + (visible.defined() ? at_places(places, visible) : places);      // [B, V, D]
  const Tensor buffers = fake_latent_ + table.slice(1, 0, num_buffers);                  // [1, U, D]
  const Tensor x = z_proj_norm_(at::cat({buffers.expand({batch, -1, -1}), tokens}, 1));  // [B, U + V, D]
  return encoder_norm_(run(encoder_blocks_, x, {}, rng));
}

Tensor Mar::decode(const Tensor& features, const Tensor& visible, const Tensor& wanted, Rng* rng) {
  const auto batch = features.size(0), num_buffers = config_.num_buffers;
  const Tensor shown = decoder_embed_(features);                                           // [B, U + V, D]
  const Tensor tokens = shown.slice(1, num_buffers);                                       // [B, V, D]
  const Tensor masks = mask_token_.expand({batch, config_.num_places(), -1});              // [B, N, D]
  const Tensor places = masks.scatter(1, visible.unsqueeze(2).expand_as(tokens), tokens);  // [B, N, D]
  const Tensor x = at::cat({shown.slice(1, 0, num_buffers), places}, 1) + positions(decoder_positions_);
  const Tensor h = decoder_norm_(run(decoder_blocks_, x, wanted + num_buffers, rng));  // [B, M, D]
  return h + at_places(positions(diffusion_positions_), wanted);
}

}  // namespace umm::harmon
