// The terms that the method makes, on a model that remembers what it was asked.
#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include "umm/testing/linked_plugin.h"
#include "umm/umm.h"

namespace {

using namespace umm;
using ::testing::ElementsAre;

struct Call {
  Condition condition;
  Tensor target;
  uint64_t draw = 0;  // first number of the stream it was handed
};

class FakeModel : public Architecture, public ImageEncoder, public GenerationObjective {
 public:
  int64_t image_size() const override { return 8; }
  std::vector<ParameterGroup> parameter_groups() const override { return {}; }
  std::vector<Parameter> parameters() override { return {}; }
  void initialize(uint64_t) override {}
  void set_training(bool) override {}
  std::vector<ImageEncoderInfo> image_encoders() const override { return {{"eye", 8, 1}}; }
  Tensor encode_image(const std::string&, const Tensor& images) override { return images.flatten(1, 2); }
  TokenLoss generation_loss(const Condition& condition, const Tensor& images, Rng& rng) override {
    calls.push_back({condition, images, rng.next()});
    return {at::full({images.size(0)}, 3.0), at::ones({images.size(0)})};
  }

  std::vector<Call> calls;
};

std::map<std::string, Batch> batches() {
  Batch batch;
  batch.images = Rng(1).uniform({2, 3, 8, 8});
  batch.captions = {"a ring", "a circle"};
  return {{"pictures", batch}};
}

TEST(MyMethod, AddsUpBothTerms) {
  FakeModel model;
  Rng rng(1);
  const auto given = batches();
  const auto method = umm::testing::linked_method({{"lambda_recon", 0.5}, {"caption_dropout", 0.25}});
  const auto terms = method->loss(model, given, rng);
  ASSERT_EQ(terms.size(), 2U);
  EXPECT_EQ(terms[0].name, "caption");
  EXPECT_EQ(terms[0].weight, 1);
  EXPECT_EQ(terms[1].name, "recon");
  EXPECT_EQ(terms[1].weight, 0.5);
  EXPECT_EQ(terms[1].loss.mean().item<float>(), 3);

  const auto& caption = model.calls.at(0).condition.segments;
  ASSERT_EQ(caption.size(), 1U);
  EXPECT_THAT(caption[0].text, ElementsAre("a ring", "a circle"));
  EXPECT_EQ(caption[0].dropout_probability, 0.25);
  const auto& picture = model.calls.at(1).condition.segments;
  ASSERT_EQ(picture.size(), 2U);
  EXPECT_EQ(picture[0].kind, SegmentKind::encoded_image);
  EXPECT_EQ(picture[0].gradient_scale, 0);
  EXPECT_EQ(picture[1].text, std::vector<std::string>(2, "describe the image"));
  for (const Call& call : model.calls) EXPECT_TRUE(call.target.equal(given.at("pictures").images));
}

TEST(MyMethod, AsksForAnEncoderOnlyWhereItIsUsed) {
  const PluginEntry& plugin = umm::testing::linked_plugin();
  EXPECT_THAT(plugin.needs(Options(plugin.options, {})),
              ElementsAre(GenerationObjective::kName, ImageEncoder::kName));
  EXPECT_THAT(plugin.needs(Options(plugin.options, {{"lambda_recon", 0.0}})),
              ElementsAre(GenerationObjective::kName));
}

TEST(MyMethod, ATermsDrawsDoNotDependOnTheOther) {
  FakeModel model;
  Rng one(1), two(1);
  umm::testing::linked_method()->loss(model, batches(), one);
  umm::testing::linked_method({{"lambda_recon", 0.0}})->loss(model, batches(), two);
  ASSERT_EQ(model.calls.size(), 3U);
  EXPECT_EQ(model.calls[0].draw, model.calls[2].draw);
  EXPECT_NE(model.calls[0].draw, model.calls[1].draw);
}

TEST(MyMethod, SaysWhatIsMissing) {
  FakeModel model;
  Rng rng(1);
  auto blind = batches();
  blind.at("pictures").images = Tensor();
  EXPECT_THROW(umm::testing::linked_method()->loss(model, blind, rng), Error);
  EXPECT_THROW(umm::testing::linked_method()->loss(model, {}, rng), Error);
}

}  // namespace
