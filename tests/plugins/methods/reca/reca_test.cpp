#include <ATen/ops/upsample_bilinear2d.h>
#include <gmock/gmock.h>

#include <set>

#include "../../../../plugins/methods/reca/templates.h"
#include "umm/testing/linked_plugin.h"
#include "../fake_architecture.h"
#include "umm/error.h"

namespace umm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSubsetOf;
using ::testing::UnorderedElementsAre;
using namespace testing;

using Values = std::map<std::string, OptionValue>;

// The condition of the reconstruction that `values` lead to.
GenerationCall reconstruction(const Values& values, const Batch& batch, uint64_t seed = 1) {
  FakeArchitecture model;
  Rng rng(seed);
  linked_method(values)->loss(model, {{"recon", batch}}, rng);
  return model.generation_calls.at(0);
}

Tensor resized(const Tensor& images, int64_t side) {
  return at::upsample_bilinear2d(images, {side, side}, false);
}

TEST(Reca, AsksForFlowsThatHaveAWeight) {
  EXPECT_THAT(flow_names(*linked_method()), ElementsAre("recon", "i2t"));
  EXPECT_THAT(flow_names(*linked_method({{"lambda_i2t", 0.0}})), ElementsAre("recon"));
  EXPECT_THAT(flow_names(*linked_method({{"lambda_recon", 0.0}, {"lambda_t2i", 1.0}})),
              ElementsAre("i2t", "t2i"));
  EXPECT_THAT(flow_names(*linked_method({{"lambda_recon", 0.0}, {"lambda_unconditional", 1.0}})),
              ElementsAre("recon", "i2t"));
  EXPECT_THROW(linked_method({{"lambda_recon", 0.0}, {"lambda_i2t", 0.0}}), InputError);
}

TEST(Reca, WeighsEachTerm) {
  FakeArchitecture model;
  Rng rng(1);
  const auto method = linked_method(
      {{"lambda_recon", 0.5}, {"lambda_i2t", 2.0}, {"lambda_t2i", 0.125}, {"lambda_unconditional", 0.25}});
  const auto terms =
      method->loss(model, {{"recon", fake_batch(4)}, {"i2t", fake_batch(2)}, {"t2i", fake_batch(3)}}, rng);
  EXPECT_THAT(term_names(terms), UnorderedElementsAre("recon", "unconditional", "i2t", "t2i"));
  EXPECT_EQ(term(terms, "recon").weight, 0.5);
  EXPECT_EQ(term(terms, "unconditional").weight, 0.25);
  EXPECT_EQ(term(terms, "i2t").weight, 2);
  EXPECT_EQ(term(terms, "t2i").weight, 0.125);
  term(terms, "recon").loss.mean().backward();
  EXPECT_TRUE(model.generator.grad().defined());
}

TEST(Reca, ShowsThePictureThroughItsEncoderThenAnInstruction) {
  const Batch batch = fake_batch(5);
  const GenerationCall call = reconstruction({}, batch);
  ASSERT_EQ(call.condition.segments.size(), 2U);
  const Segment& picture = call.condition.segments[0];
  EXPECT_EQ(picture.kind, SegmentKind::encoded_image);
  EXPECT_EQ(picture.encoder, "");
  EXPECT_EQ(picture.gradient_scale, 0);
  EXPECT_TRUE(picture.image.equal(batch.images));
  const Segment& text = call.condition.segments[1];
  EXPECT_EQ(text.kind, SegmentKind::text);
  EXPECT_EQ(text.dropout_probability, 0);
  EXPECT_THAT(text.text,
              IsSubsetOf(std::vector<std::string>(reca::kTemplates.begin(), reca::kTemplates.end())));
  EXPECT_TRUE(call.target.equal(batch.images));
}

TEST(Reca, DrawsATemplatePerSampleFromTheRngAlone) {
  const Batch batch = fake_batch(32);
  const auto texts = [&](uint64_t seed) {
    return reconstruction({}, batch, seed).condition.segments.at(1).text;
  };
  EXPECT_EQ(texts(1), texts(1));
  EXPECT_NE(texts(1), texts(2));
  const std::vector<std::string> drawn = texts(1);
  EXPECT_GT(std::set<std::string>(drawn.begin(), drawn.end()).size(), 10U);
}

TEST(Reca, PassesEncoderGradientScaleAndDropout) {
  const GenerationCall call = reconstruction({{"encoder", "eye"},
                                              {"condition_gradient_scale", 0.1},
                                              {"text_dropout", 0.2},
                                              {"dropped_text", "make a picture"}},
                                             fake_batch(2));
  EXPECT_EQ(call.condition.segments.at(0).encoder, "eye");
  EXPECT_EQ(call.condition.segments.at(0).gradient_scale, 0.1);
  EXPECT_EQ(call.condition.segments.at(0).dropout_probability, 0) << "the picture itself is never dropped";
  EXPECT_EQ(call.condition.segments.at(1).dropout_probability, 0.2);
  EXPECT_EQ(call.condition.segments.at(1).dropout_text, "make a picture");
}

TEST(Reca, DegradesTheShownPictureOnly) {
  const Batch batch = fake_batch(2);
  const GenerationCall smaller = reconstruction({{"condition_size", int64_t{4}}}, batch);
  EXPECT_TRUE(smaller.condition.segments[0].image.equal(resized(resized(batch.images, 4), 8)));
  EXPECT_TRUE(smaller.target.equal(batch.images));

  const GenerationCall blurred = reconstruction({{"blur_factor", int64_t{2}}}, batch);
  EXPECT_TRUE(blurred.condition.segments[0].image.equal(resized(resized(batch.images, 4), 8)));
  const GenerationCall flat = reconstruction({{"blur_factor", int64_t{100}}}, batch);
  EXPECT_TRUE(flat.condition.segments[0].image.equal(resized(resized(batch.images, 1), 8)));

  EXPECT_THROW(reconstruction({{"condition_size", int64_t{9}}}, batch), Error);
}

TEST(Reca, CanShowGenerationTokensInstead) {
  const Batch batch = fake_batch(2);
  const GenerationCall call =
      reconstruction({{"condition", "tokens"}, {"condition_size", int64_t{4}}}, batch);
  EXPECT_EQ(call.condition.segments.at(0).kind, SegmentKind::generation_image);
  EXPECT_EQ(call.condition.segments[0].gradient_scale, 1) << "tokens have no gradient to scale";
  EXPECT_TRUE(call.condition.segments[0].image.equal(resized(batch.images, 4))) << "fewer tokens";
  const GenerationCall blurred =
      reconstruction({{"condition", "tokens"}, {"blur_factor", int64_t{4}}}, batch);
  EXPECT_TRUE(blurred.condition.segments[0].image.equal(resized(resized(batch.images, 2), 8)));
}

// A model without an understanding encoder reads pictures as it writes them.
TEST(Reca, GenerationTokensServeQuestionsToo) {
  const Values values = {{"condition", "tokens"}, {"condition_size", int64_t{4}}};
  const Options options(linked_plugin().options, values);
  EXPECT_THAT(linked_plugin().needs(options), ElementsAre(GenerationObjective::kName, TextObjective::kName));
  FakeArchitecture model;
  Rng rng(1);
  const Batch batch = fake_batch(2);
  linked_method(values)->loss(model, {{"i2t", batch}}, rng);
  const Segment& shown = model.text_calls.at(0).prompt.segments.at(0);
  EXPECT_EQ(shown.kind, SegmentKind::generation_image);
  EXPECT_TRUE(shown.image.equal(batch.images)) << "whole: there is nothing to copy";
}

TEST(Reca, TrainsWithoutAConditionOnAShareOfThePictures) {
  FakeArchitecture model;
  Rng rng(1);
  const Batch batch = fake_batch(10);
  const Values values = {{"lambda_unconditional", 1.0}, {"unconditional_every", int64_t{4}}};
  linked_method(values)->loss(model, {{"recon", batch}}, rng);
  ASSERT_EQ(model.generation_calls.size(), 2U);
  EXPECT_TRUE(model.generation_calls[1].condition.segments.empty());
  EXPECT_TRUE(model.generation_calls[1].target.equal(batch.images.slice(0, 0, 10, 4)));
  EXPECT_NE(model.generation_calls[0].draw, model.generation_calls[1].draw);

  Rng again(1);
  linked_method({{"lambda_unconditional", 1.0}})->loss(model, {{"recon", batch}}, again);
  EXPECT_EQ(model.generation_calls[2].draw, model.generation_calls[0].draw);
  EXPECT_EQ(model.generation_calls[3].target.size(0), 10);
}

TEST(Reca, KeepsUnderstandingAndCaptions) {
  FakeArchitecture model;
  Rng rng(1);
  const Batch batch = fake_batch(3);
  const Values values = {{"lambda_t2i", 1.0}, {"i2t_gradient_scale", 0.1}, {"caption_dropout", 0.3}};
  linked_method(values)->loss(model, {{"i2t", batch}, {"t2i", batch}}, rng);
  ASSERT_EQ(model.text_calls.size(), 1U);
  const Condition& prompt = model.text_calls[0].prompt;
  EXPECT_EQ(prompt.segments.at(0).kind, SegmentKind::encoded_image);
  EXPECT_EQ(prompt.segments.at(0).gradient_scale, 0.1);
  EXPECT_TRUE(prompt.segments.at(0).image.equal(batch.images)) << "not degraded";
  EXPECT_EQ(prompt.segments.at(1).text, batch.questions);
  EXPECT_EQ(model.text_calls[0].answers, batch.answers);
  const Condition& caption = model.generation_calls.at(0).condition;
  EXPECT_EQ(caption.segments.at(0).text, batch.captions);
  EXPECT_EQ(caption.segments.at(0).dropout_probability, 0.3);
}

TEST(Reca, SaysWhatIsMissing) {
  FakeArchitecture model;
  EmptyArchitecture unable;
  Rng rng(1);
  Batch blind = fake_batch(2);
  blind.images = Tensor();
  EXPECT_THROW(linked_method()->loss(model, {{"recon", blind}}, rng), Error);
  EXPECT_THROW(linked_method()->loss(model, {}, rng), Error);
  EXPECT_THROW(linked_method()->loss(unable, {{"recon", fake_batch(2)}}, rng), Error);
}

}  // namespace
}  // namespace umm
