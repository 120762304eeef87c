// What this model promises beyond what every architecture does; `ummbench plugin check` tests the latter.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "umm/testing/linked_plugin.h"
#include "umm/umm.h"

namespace {

using namespace umm;

// A small MyModel. Interfaces are asked for as methods do it: require<GenerationObjective>(*model).
std::unique_ptr<Architecture> make_model() {
  const PluginEntry& plugin = umm::testing::linked_plugin();
  auto model =
      plugin.make_architecture(Options(plugin.options, {{"width", int64_t{32}}, {"num_layers", int64_t{1}}}));
  model->initialize(1);
  return model;
}

Tensor generate(Architecture& model, const std::vector<std::string>& prompts, int64_t steps) {
  std::vector<Rng> rngs;
  for (size_t i = 0; i < prompts.size(); ++i) rngs.emplace_back(7 + i);
  const Options sampling(umm::testing::linked_plugin().sampling, {{"steps", steps}});
  return require<ImageGenerator>(model).generate({{text_segment(prompts)}}, sampling, rngs);
}

TEST(MyModel, LearnsOneBatch) {
  const auto model = make_model();
  const Tensor images = Rng(1).uniform({2, 3, 32, 32}) * 2 - 1;
  const Condition caption{{text_segment({"red", "blue"})}};
  const Condition question{{encoded_image_segment(images, ""), text_segment({"colour?", "colour?"})}};
  const auto loss = [&] {
    Rng rng(2);  // the same draws at each step
    return require<GenerationObjective>(*model).generation_loss(caption, images, rng).mean() +
           require<TextObjective>(*model).text_loss(question, {"red", "blue"}, rng).mean();
  };
  const float before = loss().item<float>();
  for (int step = 0; step < 30; ++step) {
    loss().backward();
    const at::NoGradGuard no_gradient;
    for (Parameter& parameter : model->parameters()) {
      parameter.value.sub_(parameter.value.grad(), /*alpha=*/0.1);
      parameter.value.mutable_grad().zero_();
    }
  }
  EXPECT_LT(loss().item<float>(), 0.8F * before);
}

// Without a velocity the picture is its noise, each number in its place.
TEST(MyModel, PutsPatchesInTheirPlaces) {
  const auto model = make_model();
  {
    const at::NoGradGuard no_gradient;
    for (Parameter& parameter : model->parameters())
      if (parameter.name.starts_with("patch_out.")) parameter.value.zero_();
  }
  const Tensor picture = generate(*model, {"red"}, 3)[0];     // [3, 32, 32]
  const Tensor noise = Rng(7).normal({64, 48}).clamp(-1, 1);  // [N, D]
  for (int64_t n : {0, 1, 8, 63}) {
    const Tensor patch = picture.slice(1, n / 8 * 4, n / 8 * 4 + 4).slice(2, n % 8 * 4, n % 8 * 4 + 4);
    EXPECT_TRUE(patch.flatten().equal(noise[n])) << "patch " << n;
  }
}

TEST(MyModel, ALongNeighbourChangesNothing) {
  const auto model = make_model();
  const Tensor alone = generate(*model, {"red"}, 2);
  const Tensor beside = generate(*model, {"red", std::string(200, 'x')}, 2);
  EXPECT_TRUE(at::allclose(alone[0], beside[0], 1e-4, 1e-4));

  Rng rng(1);
  auto& reader = require<TextObjective>(*model);
  const TokenLoss one = reader.text_loss({{text_segment({"a?"})}}, {"red"}, rng);
  const TokenLoss two = reader.text_loss({{text_segment({"a?", "b?"})}}, {"red", "dark blue"}, rng);
  EXPECT_TRUE(at::allclose(one.sum[0], two.sum[0], 1e-4, 1e-4));
  EXPECT_EQ(two.count[0].item<float>(), 4) << "three bytes and the end";
}

}  // namespace
