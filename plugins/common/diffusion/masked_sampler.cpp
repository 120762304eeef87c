#include "diffusion/masked_sampler.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "umm/error.h"

namespace umm::diffusion {
namespace {

constexpr double kTiny = 1e-20;

Tensor clamped_log(const Tensor& x) {
  return x.clamp_min(kTiny).log();
}

// The first code whose cumulative probability exceeds the draw.
Tensor sample_codes(const Tensor& probabilities, const Tensor& draws) {
  const Tensor cumulative = probabilities.cumsum(-1);                    // [B, N, V]
  const Tensor wanted = draws.unsqueeze(-1) * cumulative.slice(-1, -1);  // [B, N, 1]
  const auto codes = at::searchsorted(cumulative, wanted, /*out_int32=*/false, /*right=*/true).squeeze(-1);
  return codes.clamp_max(probabilities.size(-1) - 1);
}

}  // namespace

MaskedState masked_step(const Tensor& logits, const MaskedState& state, const MaskedStep& step) {
  const auto num_tokens = state.codes.size(1);
  expect_shape(logits, {state.codes.size(0), num_tokens, -1}, "logits");
  const Tensor probabilities = logits.softmax(-1, at::kFloat);  // [B, N, V]
  const Tensor codes = at::where(state.hidden, sample_codes(probabilities, step.token_draws), state.codes);

  // Hidden tokens left after this step: along the cosine, at least 1, at least one fewer than before.
  const double cosine = std::cos(step.progress * std::numbers::pi / 2);
  const auto planned =
      static_cast<int64_t>(std::floor(static_cast<double>(num_tokens) * std::max(0.0, cosine)));
  const Tensor count = (state.hidden.sum(1, /*keepdim=*/true) - 1).clamp_max(planned).clamp_min(1);  // [B, 1]

  const Tensor chosen = probabilities.gather(-1, codes.unsqueeze(-1)).squeeze(-1);  // [B, N]
  const Tensor certain = at::full({}, std::numeric_limits<float>::max(), chosen.options());
  const Tensor gumbel = -clamped_log(-clamped_log(step.choice_draws));
  const Tensor confidence = clamped_log(at::where(state.hidden, chosen, certain)) + step.temperature * gumbel;
  const Tensor ascending = std::get<0>(confidence.sort(1));                     // [B, N]
  const Tensor cut_off = ascending.gather(1, count.clamp_max(num_tokens - 1));  // [B, 1]
  return {codes, confidence < cut_off};
}

Tensor masked_sample(const std::function<Tensor(const MaskedState&)>& logits, const Tensor& draws,
                     double temperature) {
  UMM_CHECK(draws.dim() == 4 && draws.size(0) > 0 && draws.size(1) == 2,
            "masked sampler: draws must be [steps, 2, batch, tokens], found ", draws.sizes());
  const auto num_steps = draws.size(0);
  MaskedState state{at::zeros({draws.size(2), draws.size(3)}, draws.options().dtype(at::kLong)), {}};
  state.hidden = at::ones_like(state.codes, at::kBool);
  for (int64_t s = 0; s < num_steps; ++s) {
    const double progress = static_cast<double>(s + 1) / static_cast<double>(num_steps);
    temperature = decayed(temperature, progress);
    state = masked_step(logits(state), state, {progress, temperature, draws[s][0], draws[s][1]});
  }
  return state.codes;
}

}  // namespace umm::diffusion
