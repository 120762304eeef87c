// Tensors that reference code gave, and how far ours are from them.
#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/nn/module.h>

#include <map>
#include <string>
#include <vector>

#include "train/optimizer.h"
#include "umm/checkpoint.h"

namespace umm::parity {

// tests/data/parity/<folder>/<name>.safetensors
class Golden {
 public:
  Golden(const std::string& folder, const std::string& name) {
    const std::string root = std::string(UMM_SOURCE_DIR) + "/tests/data/parity/";
    for (auto& [key, value] : read_safetensors(root + folder + "/" + name + ".safetensors"))
      tensors_[key] = value;
  }

  const Tensor& operator[](const std::string& name) const { return tensors_.at(name); }
  bool contains(const std::string& name) const { return tensors_.contains(name); }

  // Fills the module's parameters and buffers from those whose names begin with `prefix`; all must be there.
  void load(torch::nn::Module& module, const std::string& prefix) const {
    const at::NoGradGuard no_gradient;
    for (auto& item : module.named_parameters()) item.value().copy_(tensors_.at(prefix + item.key()));
    for (auto& item : module.named_buffers()) item.value().copy_(tensors_.at(prefix + item.key()));
  }

 private:
  std::map<std::string, Tensor> tensors_;
};

// Largest difference, relative to the reference's largest value.
inline double error(const Tensor& ours, const Tensor& reference) {
  EXPECT_EQ(ours.sizes(), reference.sizes());
  const Tensor expected = reference.to(at::kDouble);
  return ((ours.to(at::kDouble) - expected).abs().max() / expected.abs().max()).item<double>();
}

// Every parameter's gradient against that named `prefix` and the parameter, and none where there is none.
// Returns how many there are.
inline int expect_gradients(const Golden& golden, const torch::nn::Module& module, const std::string& prefix,
                            double tolerance) {
  int num_compared = 0;
  for (const auto& parameter : module.named_parameters()) {
    const std::string name = prefix + parameter.key();
    EXPECT_EQ(parameter.value().grad().defined(), golden.contains(name)) << name;
    if (!golden.contains(name) || !parameter.value().grad().defined()) continue;
    EXPECT_LT(error(parameter.value().grad(), golden[name]), tolerance) << name;
    ++num_compared;
  }
  return num_compared;
}

// Ten updates of AdamW in fp32, by the loss before each.
template <typename Loss>
void expect_ten_updates(const Golden& golden, const torch::nn::Module& module, TrainConfig config,
                        const Loss& loss, double tolerance) {
  std::vector<Parameter> trained;
  for (const auto& parameter : module.named_parameters())
    trained.push_back({"model", parameter.key(), "all", parameter.value()});
  config.precision = "fp32";
  Optimizer optimizer(trained, config);
  for (int update = 0; update < 10; ++update) {
    const Tensor value = loss();
    EXPECT_LT(error(value, golden["losses"][update]), tolerance) << "update " << update;
    value.backward();
    optimizer.step(config.learning_rate);
  }
}

}  // namespace umm::parity
