#include "nn/rope.h"

#include <ATen/ATen.h>

#include <cmath>

#include "umm/error.h"

namespace umm::nn {

RopeTables rope_tables(int64_t begin, int64_t length, int64_t rotary_width, double theta,
                       const Tensor& like) {
  UMM_CHECK(rotary_width > 0 && rotary_width % 2 == 0, "rope: the rotated width must be even, found ",
            rotary_width);
  const auto options = like.options().dtype(at::kFloat).requires_grad(false);
  const Tensor exponents = at::arange(0, rotary_width, 2, options) / static_cast<double>(rotary_width);
  const Tensor frequencies = at::exp(exponents * -std::log(theta));                          // [R/2]
  const Tensor angles = at::outer(at::arange(begin, begin + length, options), frequencies);  // [L, R/2]
  return {angles.cos().to(like.scalar_type()), angles.sin().to(like.scalar_type())};
}

Tensor apply_rope(const Tensor& x, const RopeTables& tables) {
  const auto half = tables.cos.size(1);
  UMM_CHECK(2 * half <= x.size(-1) && tables.cos.size(0) == x.size(-2), "rope: tables for ",
            tables.cos.sizes(), " do not fit heads of ", x.sizes());
  const Tensor first = x.narrow(-1, 0, half);
  const Tensor second = x.narrow(-1, half, half);
  const Tensor rest = x.narrow(-1, 2 * half, x.size(-1) - 2 * half);
  return at::cat({first * tables.cos - second * tables.sin, second * tables.cos + first * tables.sin, rest},
                 -1);
}

}  // namespace umm::nn
