#include "nn/attention.h"

#include <ATen/ATen.h>

#include <cmath>
#include <optional>

#include "umm/error.h"

namespace umm::nn {
namespace {

// int64's minimum as a float.
constexpr double kHidden = -9.2233720368547758e18;

// Keys up to which plain products beat the fused kernel of the CPU, made for long rows.
constexpr int64_t kShort = 64;

Tensor has(const Tensor& roles, uint8_t flag) {
  return roles.bitwise_and(flag).ne(0);
}

// All queries of a head of keys as the rows of one product, so that keys and values are not repeated.
Tensor grouped_attention(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask) {
  const auto batch = query.size(0), heads = query.size(1), rows = query.size(2), columns = key.size(2);
  const auto groups = batch * key.size(1);
  const auto grouped = [&](const Tensor& x) { return x.reshape({groups, -1, x.size(3)}); };
  const Tensor bias = mask.defined() ? mask : at::zeros({1, 1, 1, 1}, query.options());
  const Tensor scores = at::baddbmm(
      grouped(bias.expand({batch, heads, rows, columns})), grouped(query), grouped(key).transpose(1, 2), 1,
      1 / std::sqrt(static_cast<double>(query.size(3))));  // [B G, H / G Lq, Lk]
  return at::bmm(scores.softmax(-1), grouped(value)).view(query.sizes());
}

}  // namespace

Tensor visibility(const Tensor& roles) {
  UMM_CHECK(roles.dim() == 2 && roles.scalar_type() == at::kByte,
            "visibility: roles must be [B, L] uint8, found ", roles.sizes(), " ", roles.scalar_type());
  const auto rows = [](const Tensor& flags) { return flags.unsqueeze(2); };     // [B, L, 1]
  const auto columns = [](const Tensor& flags) { return flags.unsqueeze(1); };  // [B, 1, L]
  const Tensor block = has(roles, role::kBlock);
  const Tensor pads = has(roles, role::kLeadingPad);
  const auto length = roles.size(1);
  const Tensor causal = at::ones({length, length}, roles.options().dtype(at::kBool)).tril();  // [L, L]

  Tensor visible = causal | columns(has(roles, role::kShared)) | rows(has(roles, role::kFull));  // [B, L, L]
  visible = (visible | (rows(block) & columns(block))) & columns(has(roles, role::kVisible));
  return visible | (rows(pads) & columns(pads) & causal);
}

Tensor additive_mask(const Tensor& visible, at::ScalarType dtype) {
  const Tensor zero = at::zeros({}, visible.options().dtype(dtype));
  return at::where(visible, zero, at::full({}, kHidden, zero.options())).unsqueeze(1);
}

Tensor attention(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask,
                 double dropout) {
  const auto shared = query.size(1) / key.size(1);  // queries per head of keys
  const bool is_short = query.is_cpu() && query.scalar_type() == at::kFloat && key.size(2) <= kShort;
  if (shared > 1 && is_short && dropout == 0) return grouped_attention(query, key, value, mask);
  const auto bias = mask.defined() ? std::optional<Tensor>(mask) : std::nullopt;
  const auto per_query = [&](const Tensor& x) { return shared == 1 ? x : x.repeat_interleave(shared, 1); };
  return at::scaled_dot_product_attention(query, per_query(key), per_query(value), bias, dropout);
}

KeyValue extended(const KeyValue* prefix, const Tensor& key, const Tensor& value, KeyValue* present) {
  KeyValue all{key, value};
  if (prefix != nullptr) all = {at::cat({prefix->key, key}, 2), at::cat({prefix->value, value}, 2)};
  if (present != nullptr) *present = all;
  return all;
}

Tensor split_heads(const Tensor& x, int64_t num_heads) {
  return x.unflatten(-1, {num_heads, x.size(-1) / num_heads}).transpose(1, 2);
}

Tensor merge_heads(const Tensor& x) {
  return x.transpose(1, 2).flatten(2);
}

}  // namespace umm::nn
