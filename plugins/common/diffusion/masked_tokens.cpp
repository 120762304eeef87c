#include "diffusion/masked_tokens.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "umm/error.h"

namespace umm::diffusion {

int64_t cosine_masked_count(double draw, int64_t num_tokens) {
  const double share = std::max(0.0, std::cos(draw * std::numbers::pi / 2));
  const auto count = static_cast<int64_t>(std::nearbyint(static_cast<double>(num_tokens) * share));
  return std::clamp<int64_t>(count, 1, num_tokens);
}

Tensor draw_token_mask(int64_t batch, int64_t num_tokens, Rng& rng) {
  std::vector<int64_t> counts;
  for (int64_t b = 0; b < batch; ++b) counts.push_back(cosine_masked_count(rng.uniform(), num_tokens));
  const Tensor ranks =
      rng.uniform({batch, num_tokens}).argsort(1, /*descending=*/false).argsort(1, false);  // [B, N]
  return ranks < at::tensor(counts, at::kLong).unsqueeze(1);
}

TokenLoss supervised_cross_entropy(const Tensor& hidden, const Tensor& supervised, const Tensor& targets,
                                   const std::function<Tensor(const Tensor&)>& head) {
  const auto batch = hidden.size(0), length = hidden.size(1);
  expect_shape(supervised, {batch, length}, "supervised rows");
  expect_shape(targets, {batch, length}, "targets");
  const auto device = hidden.device();
  const Tensor rows = supervised.flatten().nonzero().squeeze(1).to(device);               // [K]
  const Tensor logits = head(hidden.flatten(0, 1).index_select(0, rows));                 // [K, V]
  const Tensor labels = targets.flatten().index_select(0, rows);                          // [K]
  const Tensor losses = at::cross_entropy_loss(logits, labels, {}, at::Reduction::None);  // [K]
  const Tensor samples = rows.div(length, "floor");                                       // [K]
  return {at::zeros({batch}, losses.options()).index_add(0, samples, losses),
          supervised.sum(1).to(device, at::kFloat)};
}

}  // namespace umm::diffusion
