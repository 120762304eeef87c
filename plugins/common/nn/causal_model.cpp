#include "nn/causal_model.h"

#include <ATen/ATen.h>

#include <vector>

namespace umm::nn {

CausalModel::~CausalModel() = default;

// No token sees a later one outside the prompt, so keys and values grow by one token a step.
Tensor continue_greedily(CausalModel& model, const Tensor& prompt, const Tensor& visible,
                         const GreedyConfig& config) {
  const auto batch = prompt.size(0), length = prompt.size(1);
  const Tensor one = at::ones({batch, 1}, visible.options());
  Tensor seen = visible.select(1, length - 1);  // [B, L]
  Tensor finished = at::zeros_like(one);        // [B, 1]
  KeyValueCache cache;
  Tensor hidden = model.forward(prompt, additive_mask(visible, prompt.scalar_type()), 0, nullptr, &cache);
  std::vector<Tensor> tokens = {at::empty({batch, 0}, finished.options().dtype(at::kLong))};
  for (int64_t step = 0; step < config.max_tokens; ++step) {
    const Tensor scores = model.logits(hidden.slice(1, -1), 0, config.num_words);  // [B, 1, V]
    tokens.push_back(scores.argmax(-1).masked_fill(finished, config.end_id));      // [B, 1]
    finished = finished | tokens.back().eq(config.end_id);
    if (finished.all().item<bool>()) break;
    seen = at::cat({seen, one}, 1);
    const Tensor mask = additive_mask(seen.unsqueeze(1), prompt.scalar_type());  // [B, 1, 1, L]
    hidden = model.forward(model.embed(tokens.back()), mask, length + step, &cache, &cache);
  }
  return at::cat(tokens, 1);
}

}  // namespace umm::nn
