#include "train/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/host/train/fakes.h"
#include "train/device.h"
#include "umm/error.h"

namespace umm::testing {
namespace {

TrainConfig config() {
  TrainConfig config;
  config.updates = 100;
  config.learning_rate = 0.1;
  config.schedule = "constant";
  config.weight_decay = 0.05;
  config.precision = "fp32";
  return config;
}

Parameter parameter(const Tensor& value, const std::string& name = "w") {
  return {"model", name, "body", value.requires_grad_(true)};
}

// One weight in double precision, after Loshchilov & Hutter, algorithm 2.
struct ScalarAdamW {
  double weight, first = 0, second = 0;
  int64_t step = 0;
  void update(double gradient, double rate, const TrainConfig& c) {
    ++step;
    weight *= 1 - rate * c.weight_decay;
    first = c.beta1 * first + (1 - c.beta1) * gradient;
    second = c.beta2 * second + (1 - c.beta2) * gradient * gradient;
    const double mean = first / (1 - std::pow(c.beta1, static_cast<double>(step)));
    const double square = second / (1 - std::pow(c.beta2, static_cast<double>(step)));
    weight -= rate * mean / (std::sqrt(square) + c.epsilon);
  }
};

TEST(Optimizer, IsAdamW) {
  const auto weight = parameter(at::tensor({1.0f, -2.0f, 0.5f}));
  Optimizer optimizer({weight}, config());
  std::vector<ScalarAdamW> expected = {{1.0}, {-2.0}, {0.5}};
  for (int step = 0; step < 20; ++step) {
    const Tensor gradient = at::tensor({0.3f, -0.01f * static_cast<float>(step), 5.0f});
    weight.value.mutable_grad() = gradient.clone();
    optimizer.step(0.1);
    for (int64_t i = 0; i < 3; ++i) expected[i].update(gradient[i].item<double>(), 0.1, config());
  }
  for (int64_t i = 0; i < 3; ++i) EXPECT_NEAR(weight.value[i].item<double>(), expected[i].weight, 1e-5);
  EXPECT_FALSE(weight.value.grad().defined());
}

TEST(Optimizer, DecaysWhatItIsToldTo) {
  auto matrices_config = config();
  matrices_config.weight_decay_on = "matrices";
  matrices_config.undecayed_groups = {"head"};
  const auto make = [](at::IntArrayRef sizes, const char* group) {
    return Parameter{"model", group, group, at::ones(sizes).requires_grad_(true)};
  };
  const auto matrix = make({1, 2}, "body"), vector = make({2}, "body"), head = make({1, 2}, "head");
  Optimizer optimizer({matrix, vector, head}, matrices_config);
  for (const auto& parameter : {matrix, vector, head})
    parameter.value.mutable_grad() = at::zeros_like(parameter.value);
  optimizer.step(0.1);
  EXPECT_TRUE(matrix.value.eq(1 - 0.1f * 0.05f).all().item<bool>());
  EXPECT_TRUE(vector.value.eq(1).all().item<bool>());
  EXPECT_TRUE(head.value.eq(1).all().item<bool>());
}

TEST(Optimizer, ClipsByGlobalNorm) {
  auto clipped_config = config();
  clipped_config.clip_norm = 1;
  const auto a = parameter(at::zeros({1})), b = parameter(at::zeros({1}), "b");
  const auto c = parameter(at::zeros({1})), d = parameter(at::zeros({1}), "d");
  Optimizer clipped({a, b}, clipped_config), plain({c, d}, config());
  a.value.mutable_grad() = at::full({1}, 3.0f);
  b.value.mutable_grad() = at::full({1}, 4.0f);
  c.value.mutable_grad() = at::full({1}, 0.6f);
  d.value.mutable_grad() = at::full({1}, 0.8f);
  EXPECT_NEAR(clipped.step(0.1), 5, 1e-6);
  EXPECT_NEAR(plain.step(0.1), 1, 1e-6);
  const auto first_moment = [](const Optimizer& optimizer) {
    return optimizer.state()[2].value.item<double>();
  };
  EXPECT_NEAR(first_moment(clipped), first_moment(plain), 1e-6);
}

TEST(Optimizer, SkipsParametersWithoutGradient) {
  const auto used = parameter(at::ones({2})), unused = parameter(at::ones({2}), "unused");
  Optimizer optimizer({used, unused}, config());
  used.value.mutable_grad() = at::ones({2});
  optimizer.step(0.1);
  EXPECT_TRUE(unused.value.equal(at::ones({2}))) << "no decay either";
  EXPECT_FALSE(used.value.equal(at::ones({2})));
}

TEST(Optimizer, NonFiniteGradientChangesNothing) {
  const auto weight = parameter(at::ones({2}));
  Optimizer optimizer({weight}, config());
  weight.value.mutable_grad() = at::full({2}, INFINITY);
  EXPECT_FALSE(std::isfinite(optimizer.step(0.1)));
  EXPECT_TRUE(weight.value.equal(at::ones({2})));
}

TEST(Optimizer, HoldsStateForTrainedParametersOnly) {
  FakeArchitecture model;
  auto parameters = model.parameters();
  const std::vector<Parameter> trained = {parameters[1]};  // head, [48, 8]
  constexpr int64_t kWeights = 48 * 8;
  Optimizer fp32(trained, config());
  EXPECT_EQ(fp32.state_bytes(), (2 * kWeights + 1) * 4) << "two moments and a step";
  auto with_ema = config();
  with_ema.ema_decay = 0.99;
  EXPECT_EQ(Optimizer(trained, with_ema).state_bytes(), (3 * kWeights + 1) * 4);
  EXPECT_TRUE(fp32.ema().empty());

  Optimizer bf16(trained, config());
  place_model(model, at::kCPU, at::kBFloat16);
  EXPECT_EQ(bf16.state_bytes(), (3 * kWeights + 1) * 4) << "and a master";
}

TEST(Optimizer, MastersKeepWhatBf16Cannot) {
  FakeArchitecture model;
  model.parameters()[1].value.fill_(1);
  auto head = model.parameters()[1];
  head.value.requires_grad_(true);
  auto slow = config();
  slow.weight_decay = 0;
  Optimizer optimizer({head}, slow);
  place_model(model, at::kCPU, at::kBFloat16);
  for (int step = 0; step < 10; ++step) {
    head.value.mutable_grad() = at::ones_like(head.value);
    optimizer.step(1e-3);  // smaller than bf16's step below 1, 2^-8
  }
  EXPECT_NEAR(optimizer.weights()[0].value[0][0].item<double>(), 0.99, 1e-5);
  EXPECT_NEAR(head.value[0][0].item<double>(), 0.99, 2e-3);
}

TEST(Optimizer, Ema) {
  auto with_ema = config();
  with_ema.ema_decay = 0.75;
  const auto weight = parameter(at::ones({1}));
  Optimizer optimizer({weight}, with_ema);
  weight.value.mutable_grad() = at::ones({1});
  optimizer.step(0.1);
  EXPECT_NEAR(optimizer.ema()[0].value.item<double>(), 0.75 + 0.25 * weight.value.item<double>(), 1e-6);
}

TEST(Optimizer, RestoresItsState) {
  auto with_ema = config();
  with_ema.ema_decay = 0.9;
  const auto weight = parameter(at::ones({3})), copy = parameter(at::zeros({3}));
  Optimizer first(std::vector<Parameter>{weight}, with_ema), second(std::vector<Parameter>{copy}, with_ema);
  const auto step = [](const Parameter& parameter, Optimizer& optimizer) {
    parameter.value.mutable_grad() = at::tensor({0.1f, 0.2f, -0.3f});
    optimizer.step(0.05);
  };
  step(weight, first);
  second.restore(first.state());
  step(weight, first);
  step(copy, second);
  EXPECT_TRUE(weight.value.equal(copy.value));
  EXPECT_TRUE(first.ema()[0].value.equal(second.ema()[0].value));
  Optimizer other({parameter(at::ones({4}))}, with_ema);
  EXPECT_THROW(other.restore(first.state()), Error);
}

TEST(LearningRate, WarmsUpThenFollowsItsSchedule) {
  auto c = config();
  c.warmup_updates = 10;
  c.horizon_updates = 110;
  c.final_learning_rate_ratio = 0.1;
  EXPECT_NEAR(learning_rate_at(c, 0), 0.01, 1e-12);
  EXPECT_NEAR(learning_rate_at(c, 9), 0.1, 1e-12);
  EXPECT_NEAR(learning_rate_at(c, 60), 0.1, 1e-12);
  c.schedule = "cosine";
  EXPECT_NEAR(learning_rate_at(c, 60), 0.055, 1e-12);
  EXPECT_NEAR(learning_rate_at(c, 110), 0.01, 1e-12);
  EXPECT_NEAR(learning_rate_at(c, 500), 0.01, 1e-12) << "stays at its end";
  c.schedule = "linear";
  EXPECT_NEAR(learning_rate_at(c, 35), 0.0775, 1e-12);
  c.horizon_updates = 0;  // the stop at 100
  EXPECT_NEAR(learning_rate_at(c, 100), 0.01, 1e-12);
  c.schedule = "sideways";
  EXPECT_THROW(learning_rate_at(c, 50), InputError);
}

}  // namespace
}  // namespace umm::testing
