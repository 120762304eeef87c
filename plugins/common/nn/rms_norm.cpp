#include "nn/rms_norm.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

namespace umm::nn {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// LibTorch's own is one kernel on a GPU, but a chain of small operations on the CPU, each with a gradient.
struct Normalization : torch::autograd::Function<Normalization> {
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight, double epsilon) {
    const Tensor wide = x.to(at::kFloat);
    const Tensor scale = at::linalg_vector_norm(wide, 2, -1, true)
                             .square_()
                             .div_(static_cast<double>(x.size(-1)))
                             .add_(epsilon)
                             .rsqrt_();  // [..., 1]
    context->save_for_backward({x, weight, scale});
    return at::mul(wide, scale).mul_(weight).to(x.scalar_type());
  }

  // y = x s w with s = (mean(x^2) + epsilon)^-1/2, so dx = s (g w - x s^2 mean(g w x)) and dw = sum of g x s.
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor x = saved[0].to(at::kFloat), weight = saved[1], scale = saved[2];
    const Tensor gradient = gradients[0].to(at::kFloat);
    Tensor of_x, of_weight;
    const Tensor product = gradient * x;
    if (context->needs_input_grad(0)) {
      const Tensor mean =
          at::matmul(product, weight.to(at::kFloat)).unsqueeze(-1).div_(static_cast<double>(x.size(-1)));
      const Tensor along_x = scale.pow(3).mul_(mean).neg_();
      of_x = at::mul(gradient, weight).mul_(scale).addcmul_(x, along_x).to(saved[0].scalar_type());
    }
    if (context->needs_input_grad(1))
      of_weight = at::matmul(scale.flatten(), product.flatten(0, -2)).to(weight.scalar_type());
    return {of_x, of_weight, Tensor()};
  }
};

}  // namespace

RmsNormImpl::RmsNormImpl(int64_t width, double epsilon) : epsilon_(epsilon) {
  weight_ = register_parameter("weight", at::ones({width}));
}

Tensor RmsNormImpl::forward(const Tensor& x) {
  if (x.is_cpu()) return Normalization::apply(x, weight_, epsilon_);
  return at::rms_norm(x, weight_.sizes(), weight_, epsilon_);
}

}  // namespace umm::nn
