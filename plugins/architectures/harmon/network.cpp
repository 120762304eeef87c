#include "network.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <vector>

#include "diffusion/mar_masks.h"
#include "nn/attention.h"
#include "nn/encoder_block.h"
#include "nn/recompute.h"

namespace umm::harmon {
namespace {

// The language model reads causally, so buffers stand behind the tokens, where they see them all.
Tensor buffers_last(const Tensor& x, int64_t num_buffers) {
  return at::cat({x.slice(1, num_buffers), x.slice(1, 0, num_buffers)}, 1);
}
Tensor buffers_first(const Tensor& x, int64_t num_buffers) {
  return at::cat({x.slice(1, -num_buffers), x.slice(1, 0, -num_buffers)}, 1);
}

// Prompt and `length` tokens of a picture behind it, each seeing what comes before.
Tensor causal_mask(const Prompt& prompt, int64_t length) {
  const Tensor picture = at::full({prompt.roles.size(0), length}, nn::role::kVisible, prompt.roles.options());
  const Tensor visible = nn::visibility(at::cat({prompt.roles, picture}, 1));
  return nn::additive_mask(visible, prompt.embeddings.scalar_type());  // [B, 1, L + length, L + length]
}

// Modulated at once in sampling, so that products are large and memory is not.
constexpr int64_t kModulatedRows = 2048;

Tensor ascending(const Tensor& places) {
  return std::get<0>(places.sort(1));
}

}  // namespace

Tensor along(const Tensor& places, int64_t channels) {
  return places.unsqueeze(2).expand({-1, -1, channels});
}

Network::Network(const HarmonConfig& config)
    : config_(config),
      llm_(config.language_model),
      mar_(std::make_shared<Mar>(config.mar)),
      proj_in_(config.mar.width, config.language_model.width, config.language_model.width,
               nn::Activation::silu),
      proj_out_(config.language_model.width, config.language_model.width, config.mar.width,
                nn::Activation::silu) {
  register_module("llm", llm_);
  register_module("mar", mar_);
  register_module("proj_in", proj_in_);
  register_module("proj_out", proj_out_);
}

Tensor Network::into_words(const Tensor& features) {
  return buffers_last(proj_in_(features), config_.mar.num_buffers);
}

Tensor Network::with_answer(const Tensor& features, const Tensor& hidden) {
  return features + proj_out_(buffers_first(hidden, config_.mar.num_buffers));
}

Tensor Network::see(const Tensor& latents, Rng* rng) {
  return into_words(mar_->encode(latents, {}, rng));  // [B, N + U, C]
}

Tensor Network::know(const Prompt& prompt, const Tensor& latents, const Tensor& visible, const Tensor& wanted,
                     Rng* rng) {
  const Tensor features = mar_->encode(nn::take_rows(latents, visible), visible, rng);  // [B, U + V, D]
  const Tensor shown = into_words(features);                                            // [B, V + U, C]
  const Tensor x = at::cat({prompt.embeddings, shown}, 1);                              // [B, L + V + U, C]
  const Tensor hidden = llm_->last_hidden(x, causal_mask(prompt, shown.size(1)), shown.size(1));
  return mar_->decode(with_answer(features, hidden), visible, wanted, rng);  // [B, M, D]
}

TokenLoss Network::masked_loss(const Prompt& prompt, const Tensor& latents, const MaskedDraws& draws,
                               Rng* rng) {
  const auto batch = draws.masked.size(0), count = draws.masked.size(1), repeats = draws.timesteps.size(0);
  const Tensor known = know(prompt, latents, draws.visible, draws.masked, rng);              // [B, M, D]
  const Tensor targets = nn::take_rows(latents, draws.masked).flatten(0, 1).to(at::kFloat);  // [B M, Z]
  DiffusionHead& head = mar_->head();
  const Tensor condition = head.condition(known.flatten(0, 1));  // [B M, W]
  // `rows` of the repeats at once: all, or one by one where memory counts.
  const auto losses = [&](const Tensor& timesteps, const Tensor& noise, int64_t rows) {
    const Tensor x = targets.repeat({rows, 1});
    const Tensor noised = training_diffusion_.noised(x, timesteps, noise);
    const auto predict = [&head, noised, timesteps, rows](const Tensor& told) {
      return head.forward(noised, head.modulations(head.time(timesteps) + told.repeat({rows, 1})));
    };
    const Tensor output = config_.mar.recompute ? nn::recomputed(condition, predict) : predict(condition);
    return training_diffusion_.loss(output, x, noised, timesteps, noise).view({rows, batch, count});
  };
  const int64_t rows = config_.mar.recompute ? 1 : repeats;
  Tensor sum = at::zeros({batch}, targets.options());
  for (int64_t r = 0; r < repeats; r += rows) {
    const Tensor timesteps = draws.timesteps.narrow(0, r, rows).flatten();
    const Tensor noise = draws.noise.narrow(0, r, rows).flatten(0, 2);
    sum = sum + losses(timesteps, noise, rows).sum(2).sum(0) / static_cast<double>(repeats);
  }
  return {sum, at::full({batch}, static_cast<double>(count), sum.options().requires_grad(false))};
}

Tensor Network::sample(const Prompt& prompt, const SamplingDraws& draws, const SamplingConfig& config) {
  const auto batch = draws.orders.size(0), num_places = draws.orders.size(1);
  const auto device = prompt.embeddings.device();
  const auto channels = config_.mar.token_channels, num_prompt = prompt.embeddings.size(1);
  const bool is_guided = prompt.embeddings.size(0) != batch;
  const auto num_steps = config.diffusion.num_steps();
  const Tensor timesteps = at::tensor(config.diffusion.timesteps(), at::kLong).to(device);
  const Tensor times = mar_->head().time(timesteps);  // [S, W]

  // Keys and values of the prompt, once.
  const Tensor mask = causal_mask(prompt, num_places + config_.mar.num_buffers);
  nn::KeyValueCache cache;
  llm_->last_hidden(prompt.embeddings, mask.narrow(2, 0, num_prompt).narrow(3, 0, num_prompt), 1, 0, nullptr,
                    &cache);

  Tensor latents = at::zeros({batch, num_places, channels}, prompt.embeddings.options());
  int64_t hidden_count = num_places;
  for (int64_t next : diffusion::hidden_counts(num_places, config.num_iterations)) {
    if (next == hidden_count) continue;
    const Tensor visible = ascending(draws.orders.slice(1, hidden_count)).to(device);  // [B, V]
    const Tensor wanted = draws.orders.slice(1, next, hidden_count).to(device);        // [B, M]
    // What is drawn so far is the same for both halves, and so is what the encoder makes of it.
    Tensor features = mar_->encode(nn::take_rows(latents, visible), visible, nullptr);  // [B, U + V, D]
    Tensor shown = into_words(features);                                                // [B, V + U, C]
    const auto both = [&](const Tensor& x) { return is_guided ? at::cat({x, x}) : x; };
    const auto length = shown.size(1);
    const Tensor rows = mask.narrow(2, num_prompt, length).narrow(3, 0, num_prompt + length);
    const Tensor hidden = llm_->last_hidden(both(shown), rows, length, num_prompt, &cache);  // [2B, V + U, C]
    const Tensor known = mar_->decode(with_answer(both(features), hidden), both(visible), both(wanted),
                                      nullptr);  // [2B, M, D]

    const double drawn = static_cast<double>(num_places - std::max<int64_t>(next, 1));
    const double share = config.linear_guidance ? drawn / static_cast<double>(num_places) : 1;
    const Tensor index = along(wanted, channels);       // [B, M, Z]
    const Tensor start = draws.start.gather(1, index);  // [B, M, Z]
    const Tensor step_noise =
        draws.step_noise.gather(2, index.expand({num_steps, -1, -1, -1}));  // [S, B, M, Z]
    const Tensor tokens = draw_tokens(known.flatten(0, 1), start.flatten(0, 1), step_noise.flatten(1, 2),
                                      1 + (config.guidance - 1) * share, config, times);  // [B M, Z]
    latents = latents.scatter(1, index, tokens.to(latents.scalar_type()).view(index.sizes()));
    hidden_count = next;
  }
  return latents;
}

// Both halves of the guided rows denoise the same token; the conditional half decides its variance.
Tensor Network::draw_tokens(const Tensor& known, const Tensor& start, const Tensor& step_noise,
                            double guidance, const SamplingConfig& config, const Tensor& times) {
  const auto count = start.size(0), channels = start.size(1);
  const auto copies = known.size(0) / count;
  DiffusionHead& head = mar_->head();
  const Tensor condition = head.condition(known);  // [2K, W]
  const auto num_rows = condition.size(0), num_steps = config.diffusion.num_steps();
  const auto steps_at_once = std::clamp<int64_t>(kModulatedRows / num_rows, 1, num_steps);
  std::vector<Tensor> modulations;  // [n 2K, 3W] of the next n steps
  Tensor x = start;                 // [K, Z]
  for (int64_t step = num_steps - 1; step >= 0; --step) {
    const auto later = step % steps_at_once;
    if (modulations.empty() || later == steps_at_once - 1)
      modulations =
          head.modulations((times.narrow(0, step - later, later + 1).unsqueeze(1) + condition).flatten(0, 1));
    std::vector<Tensor> here;
    for (const Tensor& all : modulations) here.push_back(all.narrow(0, later * num_rows, num_rows));
    const Tensor rows = copies > 1 ? at::cat({x, x}) : x;
    Tensor output = head.forward(rows, here).to(at::kFloat);  // [2K, 2Z]
    if (copies > 1) {
      const Tensor noise = output.narrow(1, 0, channels);
      const Tensor unconditional = noise.narrow(0, count, count);
      const Tensor guided = unconditional + guidance * (noise.narrow(0, 0, count) - unconditional);
      output = at::cat({guided, output.narrow(0, 0, count).narrow(1, channels, channels)}, 1);
    }
    x = config.diffusion.denoised(output, x, step, step_noise[num_steps - 1 - step], config.temperature);
  }
  return x;
}

}  // namespace umm::harmon
