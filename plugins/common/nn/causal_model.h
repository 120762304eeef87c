// What language models of different families share: running their blocks, and greedy continuation.
// B batch, L tokens, C width, V vocabulary
#pragma once

#include <torch/nn/modules/container/modulelist.h>

#include <cstdint>
#include <utility>

#include "nn/attention.h"
#include "nn/recompute.h"
#include "umm/tensor.h"
#include "umm/version.h"
#include "umm/work.h"

namespace umm::nn {

class UMM_API CausalModel {
 public:
  virtual ~CausalModel();

  virtual Tensor embed(const Tensor& token_ids) = 0;  // [B, L] -> [B, L, C]

  // Hidden states after the final norm. The tokens stand at `position` and later; `prefix` holds what came
  // before (null: nothing), `present` receives prefix and tokens (null: not wanted).
  virtual Tensor forward(Tensor x, const Tensor& mask, int64_t position = 0,
                         const KeyValueCache* prefix = nullptr,
                         KeyValueCache* present = nullptr) = 0;  // [B, L, C], mask [B, 1, L, prefix + L]

  // Scores in float32 of the vocabulary's entries first .. first + count - 1.
  virtual Tensor logits(const Tensor& hidden, int64_t first,
                        int64_t count) const = 0;  // [..., C] -> [..., count]
};

struct GreedyConfig {
  int64_t num_words = 0;  // tokens from the first of the vocabulary that may come out
  int64_t end_id = 0;     // ends a row; fills it from there on
  int64_t max_tokens = 0;
};

// The likeliest token after each prompt, again and again: [B, T], T <= max_tokens. Every new token sees what
// the prompt's last token sees, and the new ones before it.
UMM_API Tensor continue_greedily(CausalModel& model, const Tensor& prompt, const Tensor& visible,
                                 const GreedyConfig& config);  // [B, L, C], [B, L, L] bool

// x through the blocks: x = forward(block, index, x, prefix, present), with the layer's part of either cache
// or null. With `recompute` the blocks run again in the backward pass, so `forward` is copied and must hold
// what it uses by value; with a cache they never do.
template <typename Block, typename Forward>
Tensor run_blocks(const torch::nn::ModuleList& blocks, Tensor x, bool recompute, const KeyValueCache* prefix,
                  KeyValueCache* present, const Forward& forward) {
  count_tokens(x.size(0) * x.size(1));
  if (present != nullptr) present->resize(blocks->size());
  for (size_t i = 0; i < blocks->size(); ++i) {
    auto* block = blocks->ptr(i)->template as<Block>();
    if (recompute && prefix == nullptr && present == nullptr) {
      x = recomputed(x, [=](const Tensor& input) { return forward(*block, i, input, nullptr, nullptr); });
    } else {
      x = forward(*block, i, x, prefix != nullptr ? &prefix->at(i) : nullptr,
                  present != nullptr ? &present->at(i) : nullptr);
    }
  }
  return x;
}

}  // namespace umm::nn
