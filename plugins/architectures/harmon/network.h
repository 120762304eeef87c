// Harmon's network, figure 2 of the paper, with every draw from outside.
//
//   latents --> MAR encoder --+--> projector --> language model, behind the prompt --> projector --+
//                             +--------------------------------------------------------------------+ add
//   tokens <-- diffusion head <-- MAR decoder <----------------------------------------------------+
//
// B batch, N places of a picture, V visible tokens, M wanted ones, U buffers, Z channels of a token, D width
// of encoder and decoder, C of the language model, L tokens of the prompt
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <memory>

#include "config.h"
#include "diffusion/ddpm.h"
#include "mar.h"
#include "nn/mlp.h"
#include "nn/qwen2.h"
#include "umm/capabilities.h"

namespace umm::harmon {

struct Prompt {
  Tensor embeddings;  // [B, L, C]
  Tensor roles;       // [B, L] uint8 of nn::role; padding on the left
};

// What one training step hides, and how noisy it makes it: R noise levels for each masked token.
struct MaskedDraws {
  Tensor masked;     // [B, M] int64 places
  Tensor visible;    // [B, V] int64 places, ascending
  Tensor timesteps;  // [R, B, M] int64
  Tensor noise;      // [R, B, M, Z] float32
};

struct SamplingDraws {
  Tensor orders;      // [B, N] int64 places, the last revealed first; on the CPU
  Tensor start;       // [B, N, Z] float32, the noise that each place begins with; on the device
  Tensor step_noise;  // [S, B, N, Z] float32, what each step adds, in the order of steps; on the device
};

struct SamplingConfig {
  int64_t num_iterations = 64;
  diffusion::Ddpm diffusion{100};  // S steps
  double guidance = 1;             // g of unconditional + g (conditional - unconditional); 1: none
  bool linear_guidance = false;    // grows from 1 to g with the share of tokens that are drawn
  double temperature = 1;          // of the noise that steps add
};

class Network : public torch::nn::Module {
 public:
  explicit Network(const HarmonConfig& config);

  nn::Qwen2& language_model() { return llm_; }
  Mar& mar() { return *mar_; }

  // A whole picture in the language model's space, buffers last: [B, N, Z] -> [B, N + U, C]. `rng` draws
  // dropout; null: none.
  Tensor see(const Tensor& latents, Rng* rng);

  // The diffusion loss of the masked tokens, per sample.
  TokenLoss masked_loss(const Prompt& prompt, const Tensor& latents, const MaskedDraws& draws, Rng* rng);

  // What the head is told of the places `wanted`: [B, M, D].
  Tensor know(const Prompt& prompt, const Tensor& latents, const Tensor& visible, const Tensor& wanted,
              Rng* rng);

  // Latents of new pictures [B, N, Z]. With guidance the prompt has 2 B rows, the unconditional ones last.
  Tensor sample(const Prompt& prompt, const SamplingDraws& draws, const SamplingConfig& config);

 private:
  Tensor into_words(const Tensor& features);                         // [B, U + V, D] -> [B, V + U, C]
  Tensor with_answer(const Tensor& features, const Tensor& hidden);  // [B, U + V, D], [B, V + U, C]
  Tensor draw_tokens(const Tensor& known, const Tensor& start, const Tensor& step_noise, double guidance,
                     const SamplingConfig& config, const Tensor& times);

  HarmonConfig config_;
  nn::Qwen2 llm_;
  std::shared_ptr<Mar> mar_;
  nn::Projector proj_in_, proj_out_;
  diffusion::Ddpm training_diffusion_;
};

// Places [B, K] of tokens, as an index for gather and scatter of vectors [B, K, Z].
Tensor along(const Tensor& places, int64_t channels);

}  // namespace umm::harmon
