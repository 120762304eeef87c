// Which token may look at which, and the look itself.
//
// A packed sequence mixes words and pictures. Each position carries the flags of `role`, and one rule turns
// them into a mask, so that every published layout is a table of flags.
// B batch, L tokens, H heads, D head width
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::nn {

namespace role {
inline constexpr uint8_t kVisible = 1;      // later rows see this column; padding lacks it
inline constexpr uint8_t kShared = 2;       // every row sees this column, earlier rows too
inline constexpr uint8_t kFull = 4;         // this row sees every visible column
inline constexpr uint8_t kBlock = 8;        // rows and columns that see each other
inline constexpr uint8_t kLeadingPad = 16;  // sees the padding before it, so that its row is not empty
}  // namespace role

// True where row r may look at column c:
//   (c <= r, or c shared, or r full, or both in the block) and c visible;
// leading padding is causal in itself.
UMM_API Tensor visibility(const Tensor& roles);  // [B, L] uint8 -> [B, L, L] bool

// The same as a number that is added to attention scores: 0 or a very large negative one (finite, as the
// published code has it).
UMM_API Tensor additive_mask(const Tensor& visible, at::ScalarType dtype);  // [B, Lq, Lk] -> [B, 1, Lq, Lk]

// softmax(q k^T / sqrt(D) + mask) v through LibTorch's fused kernels. [B, H, L, D] each; an undefined mask
// hides nothing. Keys and values may have fewer heads, each then serving H / heads neighbouring queries.
// `dropout`: probability that a weight becomes 0, drawn from the device's generator (nn/dropout.h).
UMM_API Tensor attention(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask,
                         double dropout = 0);

// Keys and values of tokens that never change, computed once.
struct KeyValue {
  Tensor key;    // [B, H, L, D]
  Tensor value;  // [B, H, L, D]
};
using KeyValueCache = std::vector<KeyValue>;  // one per layer

// Those of `prefix` (null: none), then key and value; all of it also into `present` where that is not null.
UMM_API KeyValue extended(const KeyValue* prefix, const Tensor& key, const Tensor& value, KeyValue* present);

UMM_API Tensor split_heads(const Tensor& x, int64_t num_heads);  // [B, L, H*D] -> [B, H, L, D]
UMM_API Tensor merge_heads(const Tensor& x);                     // [B, H, L, D] -> [B, L, H*D]

}  // namespace umm::nn
