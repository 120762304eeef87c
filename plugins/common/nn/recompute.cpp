#include "nn/recompute.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

namespace umm::nn {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

using Forward = std::function<Tensor(const Tensor&)>;

struct ForwardHolder : torch::CustomClassHolder {
  explicit ForwardHolder(Forward kept) : forward(std::move(kept)) {}
  Forward forward;
};

struct Recompute : torch::autograd::Function<Recompute> {
  // `reached` has a gradient even where x has none, so that backward() comes by for the parameters' sake.
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& reached, Forward forward) {
    (void)reached;
    context->save_for_backward({x});
    context->saved_data["needs_gradient"] = x.requires_grad();
    Tensor y = forward(x);  // no graph is built inside a Function
    context->saved_data["forward"] =
        c10::IValue::make_capsule(c10::make_intrusive<ForwardHolder>(std::move(forward)));
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto holder =
        c10::static_intrusive_pointer_cast<ForwardHolder>(context->saved_data["forward"].toCapsule());
    Tensor x = context->get_saved_variables()[0].detach();
    x.requires_grad_(context->saved_data["needs_gradient"].toBool());
    const c10::AutoGradMode with_graph(true);
    const Tensor y = holder->forward(x);
    // Parameters receive theirs here; there is nothing to do where all of them are frozen and so is x.
    if (y.requires_grad()) torch::autograd::backward({y}, {gradients[0]});
    return {x.grad(), Tensor(), Tensor()};
  }
};

}  // namespace

Tensor recomputed(const Tensor& x, Forward forward) {
  if (!c10::GradMode::is_enabled()) return forward(x);
  return Recompute::apply(x, at::zeros({0}, x.options()).detach().requires_grad_(), std::move(forward));
}

}  // namespace umm::nn
