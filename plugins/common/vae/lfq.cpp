#include "vae/lfq.h"

#include <ATen/ATen.h>

namespace umm::vae {
namespace {

Tensor hard_signs(const Tensor& z) {
  return z.gt(0).to(z.scalar_type()) * 2 - 1;
}

Tensor bit_values(int64_t num_bits, const Tensor& like) {
  const auto exponents =
      at::arange(num_bits - 1, -1, -1, like.options().dtype(at::kLong).requires_grad(false));
  return at::bitwise_left_shift(at::ones_like(exponents), exponents);  // [C]: 2^(C-1) .. 1
}

}  // namespace

Tensor lfq_signs(const Tensor& z) {
  return z + (hard_signs(z) - z).detach();
}

Tensor lfq_indices(const Tensor& z) {
  const Tensor bits = z.gt(0).to(at::kLong).flatten(2);  // [B, C, N]
  return (bits * bit_values(z.size(1), z).unsqueeze(1)).sum(1);
}

Tensor lfq_signs_of(const Tensor& indices, int64_t num_bits, int64_t height) {
  const Tensor values = bit_values(num_bits, indices).unsqueeze(1);    // [C, 1]
  const Tensor bits = indices.unsqueeze(1).bitwise_and(values).ne(0);  // [B, C, N]
  return (bits.to(at::kFloat) * 2 - 1).unflatten(2, {height, indices.size(1) / height});
}

LfqTerms lfq_terms(const Tensor& z) {
  const Tensor commitment = (z - hard_signs(z)).square().flatten(1).mean(1);  // [B]
  // Two-way softmax of the squared distances to +1 and -1, at temperature 2.
  const Tensor positive = at::sigmoid(2 * z).mean({0, 2, 3});  // [C]
  const Tensor entropy = at::special_entr(positive) + at::special_entr(1 - positive);
  return {commitment, entropy.mean()};
}

}  // namespace umm::vae
