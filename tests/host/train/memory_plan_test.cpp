#include "train/memory_plan.h"

#include <gtest/gtest.h>

#include "tests/host/train/fakes.h"
#include "train/device.h"

namespace umm::testing {
namespace {

TEST(MemoryPlan, CountsWhatIsHeldAndNothingForFrozenParts) {
  FakeArchitecture model;
  model.initialize(1);
  std::vector<Parameter> trained;
  int64_t all = 0;
  for (auto& parameter : model.parameters()) {
    all += static_cast<int64_t>(parameter.value.nbytes());
    if (parameter.group == "head") trained.push_back(parameter);
  }
  ASSERT_EQ(trained.size(), 1U);
  trained[0].value.requires_grad_(true);
  TrainConfig config;
  config.precision = "fp32";
  const Optimizer optimizer(trained, config);
  const MemoryPlan plan = memory_plan(model, optimizer);
  const int64_t head = FakeArchitecture::kPixels * 8 * 4;
  EXPECT_EQ(plan.weights_bytes, all);
  EXPECT_EQ(plan.gradients_bytes, head);
  EXPECT_EQ(plan.optimizer_bytes, 2 * head + 4) << "two moments and a step";

  // bf16 halves weights and gradients; the master keeps four bytes a weight.
  place_model(model, at::kCPU, at::kBFloat16);
  const MemoryPlan half = memory_plan(model, optimizer);
  EXPECT_EQ(half.gradients_bytes, head / 2);
  EXPECT_EQ(half.optimizer_bytes, 3 * head + 4);
}

TEST(MemoryPlan, ReadsWell) {
  MemoryPlan plan{.weights_bytes = 3LL << 30,
                  .gradients_bytes = 1LL << 30,
                  .optimizer_bytes = 1LL << 19,
                  .activations_bytes = std::nullopt};
  EXPECT_EQ(plan.text(),
            "memory: weights 3 GiB, gradients 1 GiB, optimizer 512 KiB: 4 GiB, and activations on top");
  plan.activations_bytes = 2LL << 30;
  EXPECT_EQ(plan.text(),
            "memory: weights 3 GiB, gradients 1 GiB, optimizer 512 KiB, activations 2 GiB: 6 GiB");
}

}  // namespace
}  // namespace umm::testing
