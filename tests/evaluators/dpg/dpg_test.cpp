#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "images/encode.h"
#include "images/picture_file.h"
#include "small_table.h"
#include "umm/error.h"
#include "umm/testing/linked_plugin.h"

namespace umm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::linked_evaluator;
using testing::linked_plugin;

using Values = std::map<std::string, OptionValue>;

std::unique_ptr<Evaluator> table_evaluator(const Values& values = {}) {
  return linked_plugin().make_evaluator(Options(linked_plugin().options, values),
                                        {.source = "q.csv", .text = dpg::kSmallTable});
}

// Says yes to what the test names.
class FixedAnswerer : public QuestionAnswerer {
 public:
  std::string version() const override { return "fixed"; }
  std::vector<Answer> answer(const Image& image, const std::vector<std::string>& questions) override {
    this->image = image;
    asked = questions;
    std::vector<Answer> answers;
    for (const std::string& question : questions)
      answers.push_back({.text = question == yes_to ? "yes" : "no", .log_probability = -0.5});
    return answers;
  }

  std::string yes_to;
  std::vector<std::string> asked;
  Image image;
};

const PictureFile kPicture{.path = "picture.png", .image = make_image(4, 4)};

TEST(Dpg, AsksEveryQuestionAboutThePicture) {
  FixedAnswerer answerer;
  answerer.yes_to = "Is there a car?";
  const auto evaluator = table_evaluator();
  const EvaluationItem car = evaluator->items().at(0);
  EXPECT_EQ(car.id, "car");
  EXPECT_EQ(car.tag, "car");
  EXPECT_EQ(evaluator->items().at(2).tag, "numbered");
  const std::string evidence = evaluator->collect(car, kPicture, {.answerer = &answerer});
  EXPECT_THAT(answerer.asked, ElementsAre("Is there a car?", "Is the car red?"));
  EXPECT_EQ(answerer.image.width, 4);
  const ItemScore score = evaluator->score(car, evidence);
  EXPECT_DOUBLE_EQ(score.value, 0.5);
  EXPECT_EQ(score.reason, "no: Is the car red?");
  EXPECT_EQ(score.status, ScoreStatus::scored);
}

TEST(Dpg, AsksAboutAJpegWhereTheProtocolKeepsPicturesAsThat) {
  Image noise = make_image(16, 16);
  for (size_t i = 0; i < noise.rgb.size(); ++i) noise.rgb[i] = static_cast<uint8_t>(i * i % 251);
  const auto bytes = images::encode_jpeg(noise, 75);
  const Image once = images::decode_picture(bytes, "once");
  const auto shown = [](const Values& values, const PictureFile& picture) {
    FixedAnswerer answerer;
    const auto evaluator = table_evaluator(values);
    evaluator->collect(evaluator->items().at(0), picture, {.answerer = &answerer});
    return answerer.image.rgb;
  };
  EXPECT_EQ(shown({}, {.path = "a.png", .image = noise}), noise.rgb);
  EXPECT_EQ(shown({{"jpeg", true}}, {.path = "a.png", .image = noise}), once.rgb);
  EXPECT_NE(once.rgb, noise.rgb);
  const PictureFile file{.path = "a.jpg", .bytes = std::string(bytes.begin(), bytes.end()), .image = once};
  EXPECT_EQ(shown({{"jpeg", true}}, file), once.rgb) << "a JPEG file is one already";
}

TEST(Dpg, PromptsWithoutQuestionsCanOnlyBeDrawn) {
  const std::vector<std::string> bare = {R"({"item_id": "car", "text": "A red car"})"};
  EXPECT_THROW(linked_evaluator(bare), InputError);
  const auto evaluator = linked_evaluator(bare, {{"draw_only", true}});
  const EvaluationItem car = evaluator->items().at(0);
  EXPECT_EQ(car.id, "car");
  EXPECT_EQ(car.prompt, "A red car");
  EXPECT_TRUE(car.draw_only);
  EXPECT_FALSE(table_evaluator({{"draw_only", true}})->items().at(0).draw_only) << "it has questions";
  const auto again = linked_evaluator({car.metadata}, {{"draw_only", true}})->items();
  EXPECT_EQ(again.at(0).metadata, car.metadata);
  EXPECT_THROW(linked_evaluator({car.metadata}), InputError);
  FixedAnswerer answerer;
  try {
    evaluator->collect(car, kPicture, {.answerer = &answerer});
    FAIL() << "asked no question about a picture";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("has prompts without questions, which draw_only = true lets pass"));
  }
}

TEST(Dpg, RescoresStoredEvidenceUnderTheOtherVariant) {
  FixedAnswerer answerer;
  const EvaluationItem car = table_evaluator()->items().at(0);
  const std::string evidence = table_evaluator()->collect(car, kPicture, {.answerer = &answerer});
  // Evidence and item are enough: an evaluator without records scores as well.
  const auto reference = linked_evaluator({}, {{"variant", "reference"}});
  EXPECT_EQ(reference->score(car, evidence).status, ScoreStatus::unparsable);
  EXPECT_EQ(linked_evaluator({})->score(car, evidence).status, ScoreStatus::scored);
  EXPECT_THROW(linked_evaluator({})->items(), InputError);
}

TEST(Dpg, ItsMetadataAreRecordsOfTheSamePrompts) {
  const auto items = table_evaluator()->items();
  std::vector<std::string> records;
  for (const EvaluationItem& item : items) records.push_back(item.metadata);
  const auto again = linked_evaluator(records)->items();
  ASSERT_EQ(again.size(), items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(again[i].id, items[i].id);
    EXPECT_EQ(again[i].metadata, items[i].metadata);
  }
}

TEST(Dpg, KnowsWherePicturesLie) {
  const EvaluationItem item{.id = "car"};
  const auto grid = table_evaluator()->official_picture(item, 2, 4);
  EXPECT_EQ(grid.stem, "car");
  EXPECT_EQ(grid.grid, 2);
  EXPECT_EQ(grid.cell, 2);
  const auto alone = table_evaluator()->official_picture(item, 0, 1);
  EXPECT_EQ(alone.stem, "car");
  EXPECT_EQ(alone.grid, 1);
  EXPECT_THROW(table_evaluator()->official_picture(item, 2, 3), InputError);
  const auto single = table_evaluator({{"layout", "single"}});
  EXPECT_EQ(single->official_picture(item, 2, 4).stem, "car_2");
  EXPECT_EQ(single->official_picture(item, 0, 1).stem, "car_0");
  EXPECT_EQ(single->official_picture(item, 2, 4).grid, 1);
}

TEST(Dpg, AggregatesWithOverallLast) {
  FixedAnswerer answerer;
  answerer.yes_to = "Is it a photo?";
  const auto evaluator = table_evaluator();
  const auto items = evaluator->items();
  std::vector<std::string> evidence;
  for (const EvaluationItem& item : items)
    evidence.push_back(evaluator->collect(item, kPicture, {.answerer = &answerer}));
  std::vector<ScoredImage> images;
  for (size_t i = 0; i < items.size(); ++i)
    images.push_back({&items[i], 0, evaluator->score(items[i], evidence[i]), &evidence[i]});
  const auto scores = evaluator->aggregate(images);
  EXPECT_EQ(scores.front().name, "global");
  EXPECT_EQ(scores.front().value, 1);
  EXPECT_EQ(scores.back().name, "overall");
  EXPECT_DOUBLE_EQ(scores.back().value, 0.2);
}

TEST(Dpg, PublishedIsDemandedOfTheTable) {
  try {
    table_evaluator({{"published", true}});
    FAIL() << "took a table of the test for the published one";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("q.csv: expected the published dpg_bench.csv"));
  }
}

}  // namespace
}  // namespace umm
