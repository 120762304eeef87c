#include <gmock/gmock.h>

#include "umm/testing/linked_plugin.h"
#include "../fake_architecture.h"
#include "umm/error.h"

namespace umm {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using namespace testing;

std::map<std::string, Batch> all_batches() {
  return {{"t2i", fake_batch(3, 1)}, {"i2t", fake_batch(2, 2)}, {"text", fake_batch(4, 3)}};
}

TEST(Sft, AsksForFlowsThatHaveAWeight) {
  EXPECT_THAT(flow_names(*linked_method()), ElementsAre("t2i", "i2t"));
  EXPECT_THAT(flow_names(*linked_method({{"lambda_t2i", 0.0}})), ElementsAre("i2t"));
  EXPECT_THAT(flow_names(*linked_method({{"lambda_i2t", 0.0}, {"lambda_text", 0.5}})),
              ElementsAre("t2i", "text"));
  EXPECT_THROW(linked_method({{"lambda_t2i", 0.0}, {"lambda_i2t", 0.0}}), InputError);
}

TEST(Sft, WeighsEachFlowsLoss) {
  FakeArchitecture model;
  Rng rng(1);
  const auto method = linked_method({{"lambda_t2i", 0.25}, {"lambda_i2t", 2.0}, {"lambda_text", 0.5}});
  const auto terms = method->loss(model, all_batches(), rng);
  EXPECT_THAT(term_names(terms), UnorderedElementsAre("t2i", "i2t", "text"));
  EXPECT_EQ(term(terms, "t2i").weight, 0.25);
  EXPECT_EQ(term(terms, "i2t").weight, 2);
  EXPECT_EQ(term(terms, "text").weight, 0.5);
  EXPECT_FLOAT_EQ(term(terms, "i2t").loss.mean().item<float>(), 5);
  EXPECT_EQ(term(terms, "t2i").loss.sum.size(0), 3);
}

TEST(Sft, GeneratesFromCaptionsWithTheirDropout) {
  FakeArchitecture model;
  Rng rng(1);
  const Batch batch = fake_batch(3);
  linked_method({{"text_dropout", 0.3}, {"dropped_text", "anything"}})->loss(model, {{"t2i", batch}}, rng);
  ASSERT_EQ(model.generation_calls.size(), 1U);
  const GenerationCall& call = model.generation_calls[0];
  ASSERT_EQ(call.condition.segments.size(), 1U);
  const Segment& caption = call.condition.segments[0];
  EXPECT_EQ(caption.kind, SegmentKind::text);
  EXPECT_EQ(caption.text, batch.captions);
  EXPECT_EQ(caption.dropout_probability, 0.3);
  EXPECT_EQ(caption.dropout_text, "anything");
  EXPECT_TRUE(call.target.equal(batch.images));
}

TEST(Sft, AnswersAboutThePictureAndAboutWordsInItsPlace) {
  FakeArchitecture model;
  Rng rng(1);
  const auto batches = all_batches();
  linked_method({{"lambda_text", 1.0}, {"encoder", "eye"}})->loss(model, batches, rng);
  ASSERT_EQ(model.text_calls.size(), 2U);
  const TextCall& about_picture = model.text_calls[0];
  ASSERT_EQ(about_picture.prompt.segments.size(), 2U);
  EXPECT_EQ(about_picture.prompt.segments[0].kind, SegmentKind::encoded_image);
  EXPECT_EQ(about_picture.prompt.segments[0].encoder, "eye");
  EXPECT_EQ(about_picture.prompt.segments[0].gradient_scale, 1) << "the encoder can be trained here";
  EXPECT_TRUE(about_picture.prompt.segments[0].image.equal(batches.at("i2t").images));
  EXPECT_EQ(about_picture.prompt.segments[1].text, batches.at("i2t").questions);
  EXPECT_EQ(about_picture.answers, batches.at("i2t").answers);

  const TextCall& about_words = model.text_calls[1];
  EXPECT_EQ(about_words.prompt.segments.at(0).text, batches.at("text").answers);
  EXPECT_EQ(about_words.prompt.segments.at(1).text, batches.at("text").questions);
  EXPECT_EQ(about_words.answers, batches.at("text").answers);
}

TEST(Sft, DrawsFromACaptionInAPicturesPlace) {
  FakeArchitecture model;
  Rng rng(1);
  const Batch batch = fake_batch(3);
  const auto method = linked_method({{"lambda_t2i", 0.0}, {"lambda_i2t", 0.0}, {"lambda_instruct", 0.5}});
  EXPECT_THAT(flow_names(*method), ElementsAre("instruct"));
  const auto terms = method->loss(model, {{"instruct", batch}}, rng);
  EXPECT_EQ(term(terms, "instruct").weight, 0.5);
  ASSERT_EQ(model.generation_calls.size(), 1U);
  const auto& segments = model.generation_calls[0].condition.segments;
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_EQ(segments[0].text, batch.captions);
  EXPECT_EQ(segments[1].text, batch.questions);
  EXPECT_TRUE(model.generation_calls[0].target.equal(batch.images));
}

TEST(Sft, AFlowsDrawsDoNotDependOnOtherFlows) {
  FakeArchitecture model;
  const auto method = linked_method({{"lambda_text", 1.0}});
  Rng first(9), second(9), other(10);
  method->loss(model, all_batches(), first);
  method->loss(model, {{"t2i", fake_batch(3)}}, second);
  method->loss(model, {{"t2i", fake_batch(3)}}, other);
  EXPECT_EQ(model.generation_calls[0].draw, model.generation_calls[1].draw);
  EXPECT_NE(model.generation_calls[0].draw, model.generation_calls[2].draw);
}

TEST(Sft, SaysWhatIsMissing) {
  FakeArchitecture model;
  EmptyArchitecture unable;
  Rng rng(1);
  Batch blind = fake_batch(2);
  blind.images = Tensor();
  EXPECT_THROW(linked_method()->loss(model, {{"t2i", blind}}, rng), Error);
  EXPECT_THROW(linked_method()->loss(model, {{"i2t", blind}}, rng), Error);
  EXPECT_THROW(linked_method()->loss(model, {}, rng), Error);
  EXPECT_THROW(linked_method()->loss(unable, {{"t2i", fake_batch(2)}}, rng), Error);
  EXPECT_NO_THROW(linked_method({{"lambda_text", 1.0}})->loss(model, {{"text", blind}}, rng));
}

TEST(Sft, TrainsWhatTheArchitectureTrainsByDefault) {
  FakeArchitecture model;
  EXPECT_THAT(linked_method()->trained_groups(model), ElementsAre("generator", "reader"));
}

TEST(Sft, ShowsGenerationTokensWhereTheModelHasNoEncoder) {
  const std::map<std::string, OptionValue> values = {{"condition", "tokens"}, {"lambda_t2i", 0.0}};
  EXPECT_THAT(linked_plugin().needs(Options(linked_plugin().options, values)),
              ElementsAre(TextObjective::kName));
  FakeArchitecture model;
  Rng rng(1);
  linked_method(values)->loss(model, {{"i2t", fake_batch(2)}}, rng);
  EXPECT_EQ(model.text_calls.at(0).prompt.segments.at(0).kind, SegmentKind::generation_image);
}

}  // namespace
}  // namespace umm
