// Masked autoencoder over latents, with buffers (Li et al. 2024, arXiv 2406.11838): the encoder reads the
// visible tokens, the decoder says something of every place; the diffusion head draws tokens from that. B
// batch, N places of a picture, V visible tokens, M wanted ones, U buffers, Z channels of a token, D width
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>
#include <memory>

#include "diffusion_head.h"
#include "umm/random.h"
#include "umm/tensor.h"

namespace umm::harmon {

struct MarConfig {
  int64_t width = 0;       // D, of encoder and decoder
  int64_t num_layers = 0;  // of either
  int64_t num_heads = 0;
  int64_t num_buffers = 0;     // U
  int64_t token_channels = 0;  // Z
  int64_t learned_grid = 0;    // places along a side that have learned positions
  int64_t grid = 0;            // places along a side of the pictures: positions are interpolated to it
  int64_t num_classes = 0;     // rows of a table that published files hold and nothing reads
  double dropout = 0;          // in training
  int64_t head_width = 0;
  int64_t head_blocks = 0;
  bool recompute = false;  // activation checkpointing of every block

  int64_t num_places() const { return grid * grid; }  // N
};

class Mar : public torch::nn::Module {
 public:
  explicit Mar(const MarConfig& config);

  // Features of buffers and visible tokens. `visible`: their places, ascending; undefined: all. `rng` draws
  // dropout; null: none.
  Tensor encode(const Tensor& latents, const Tensor& visible, Rng* rng);  // [B, V, Z] -> [B, U + V, D]

  // What the diffusion head is told of the places `wanted` [B, M], from such features.
  Tensor decode(const Tensor& features, const Tensor& visible, const Tensor& wanted,
                Rng* rng);  // [B, U + V, D] -> [B, M, D]

  DiffusionHead& head() { return *diffloss_; }

 private:
  Tensor run(const torch::nn::ModuleList& blocks, Tensor x, const Tensor& rows, Rng* rng);
  Tensor positions(const Tensor& learned) const;

  MarConfig config_;
  Tensor fake_latent_;                            // [1, D], of every buffer
  Tensor encoder_positions_, decoder_positions_;  // [1, U + learned N, D]
  Tensor diffusion_positions_;                    // [1, learned N, D]
  Tensor mask_token_;                             // [1, 1, D]
  torch::nn::Linear z_proj_, decoder_embed_;
  torch::nn::LayerNorm z_proj_norm_, encoder_norm_, decoder_norm_;
  torch::nn::ModuleList encoder_blocks_, decoder_blocks_;
  std::shared_ptr<DiffusionHead> diffloss_;
};

}  // namespace umm::harmon
