#include "nn/initialize.h"

#include <ATen/ATen.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cmath>

#include "nn/rms_norm.h"

namespace umm::nn {

void initialize(const std::shared_ptr<torch::nn::Module>& root, double standard_deviation, const Rng& rng,
                LinearLaw law) {
  at::NoGradGuard no_grad;
  for (const auto& module : root->named_modules()) {
    const auto* conv = module.value()->as<torch::nn::Conv2dImpl>();
    const bool is_xavier = law == LinearLaw::xavier && module.value()->as<torch::nn::LinearImpl>() != nullptr;
    const bool is_norm = module.value()->as<torch::nn::LayerNormImpl>() != nullptr ||
                         module.value()->as<torch::nn::GroupNormImpl>() != nullptr ||
                         module.value()->as<RmsNormImpl>() != nullptr;
    for (const auto& parameter : module.value()->named_parameters(/*recurse=*/false)) {
      Tensor value = parameter.value();
      Rng stream = rng.fork(module.key() + "." + parameter.key());
      const auto fill_uniform = [&](double bound) {
        value.copy_(stream.uniform(value.sizes()) * (2 * bound) - bound);
      };
      if (conv != nullptr) {
        fill_uniform(1 / std::sqrt(static_cast<double>(conv->weight[0].numel())));
      } else if (is_norm) {
        value.fill_(parameter.key() == "weight" ? 1 : 0);
      } else if (parameter.key() == "bias") {
        value.zero_();
      } else if (is_xavier) {
        fill_uniform(std::sqrt(6 / static_cast<double>(value.size(0) + value.size(1))));
      } else {
        value.copy_(stream.normal(value.sizes()) * standard_deviation);
      }
    }
  }
}

}  // namespace umm::nn
