#include "nn/initialize.h"

#include <ATen/ATen.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/normalization.h>

#include <cmath>

#include "nn/rms_norm.h"

namespace umm::nn {

void initialize(const std::shared_ptr<torch::nn::Module>& root, double standard_deviation, const Rng& rng) {
  at::NoGradGuard no_grad;
  for (const auto& module : root->named_modules()) {
    const auto* conv = module.value()->as<torch::nn::Conv2dImpl>();
    const bool is_norm = module.value()->as<torch::nn::LayerNormImpl>() != nullptr ||
                         module.value()->as<torch::nn::GroupNormImpl>() != nullptr ||
                         module.value()->as<RmsNormImpl>() != nullptr;
    for (const auto& parameter : module.value()->named_parameters(/*recurse=*/false)) {
      Tensor value = parameter.value();
      Rng stream = rng.fork(module.key() + "." + parameter.key());
      if (conv != nullptr) {
        const double bound = 1 / std::sqrt(static_cast<double>(conv->weight[0].numel()));
        value.copy_(stream.uniform(value.sizes()) * (2 * bound) - bound);
      } else if (is_norm) {
        value.fill_(parameter.key() == "weight" ? 1 : 0);
      } else if (parameter.key() == "bias") {
        value.zero_();
      } else {
        value.copy_(stream.normal(value.sizes()) * standard_deviation);
      }
    }
  }
}

}  // namespace umm::nn
