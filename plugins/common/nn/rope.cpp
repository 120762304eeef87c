#include "nn/rope.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include "umm/error.h"

namespace umm::nn {
namespace {

Tensor rotated(const Tensor& x, const Tensor& cos, const Tensor& sin) {
  const auto half = cos.size(1);
  Tensor y = at::empty_like(x, at::MemoryFormat::Contiguous);
  const Tensor first = x.narrow(-1, 0, half), second = x.narrow(-1, half, half);
  Tensor y_first = y.narrow(-1, 0, half), y_second = y.narrow(-1, half, half);
  at::mul_out(y_first, first, cos).sub_(second * sin);
  at::mul_out(y_second, second, cos).add_(first * sin);
  if (const auto rest = x.size(-1) - 2 * half; rest > 0)
    y.narrow(-1, 2 * half, rest).copy_(x.narrow(-1, 2 * half, rest));
  return y;
}

// Its gradient is the rotation back.
struct Rotation : torch::autograd::Function<Rotation> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& cos,
                        const Tensor& sin) {
    context->save_for_backward({cos, sin});
    return rotated(x, cos, sin);
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    return {rotated(gradients[0], saved[0], -saved[1]), Tensor(), Tensor()};
  }
};

}  // namespace

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
  return Rotation::apply(x, tables.cos, tables.sin);
}

}  // namespace umm::nn
