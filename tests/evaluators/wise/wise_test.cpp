// The plugin: what a judge is sent, and what becomes of its replies.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "../scripted_judge.h"
#include "images/encode.h"
#include "umm/error.h"
#include "umm/testing/linked_plugin.h"

namespace umm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::linked_evaluator;
using testing::linked_plugin;
using testing::ScriptedJudge;
using Json = nlohmann::json;
using Values = std::map<std::string, OptionValue>;

Json item(int number, const std::string& category) {
  return {{"Prompt", "a late tree"},
          {"Explanation", "no leaves"},
          {"Category", category},
          {"Subcategory", "s"},
          {"prompt_id", number}};
}

std::unique_ptr<Evaluator> evaluator(const Values& values = {}) {
  return linked_evaluator({item(401, "time").dump(), item(3, "Cultural knowledge").dump()}, values);
}

ItemScore judged(const Evaluator& evaluator, ScriptedJudge& judge,
                 const PictureFile& picture = {.image = make_image(2, 2)}) {
  const EvaluationItem first = evaluator.items()[0];
  return evaluator.score(first, evaluator.collect(first, picture, {.judge = &judge}));
}

TEST(Wise, ReadsThePublishedArrayAndLines) {
  const auto read = [](const EvaluatorInput& input) {
    return linked_plugin().make_evaluator(Options(linked_plugin().options, {}), input);
  };
  const auto published =
      read({.source = "a.json", .text = Json{item(401, "time"), item(3, "Cultural knowledge")}.dump()});
  const auto lines = evaluator();
  for (const Evaluator* one : {published.get(), lines.get()}) {
    const auto items = one->items();
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0].id, "401");
    EXPECT_EQ(items[0].tag, "time");
    EXPECT_EQ(items[0].prompt, "a late tree");
    EXPECT_EQ(items[1].tag, "culture");
    EXPECT_EQ(one->official_picture(items[1], 0, 1).stem, "3");
  }
  // What is stored of an item makes it again.
  EXPECT_EQ(linked_evaluator({published->items()[1].metadata})->items()[0].id, "3");
  EXPECT_THROW(linked_evaluator({"{"}), InputError);
  EXPECT_THROW(linked_evaluator({})->items(), InputError);
  EXPECT_THROW(linked_evaluator({item(521, "time").dump()}, {{"generation", "verified"}}), InputError)
      << "a number of the other generation";
}

TEST(Wise, TheJudgeIsAskedWithThePictureAsItsFileHasIt) {
  const auto jpeg = images::encode_jpeg(make_image(4, 4));
  const PictureFile picture{.path = "401.png", .bytes = std::string(jpeg.begin(), jpeg.end())};
  ScriptedJudge judge({{.text = "Consistency: 2\nRealism: 1\nAesthetic Quality: 0"}});
  const ItemScore score = judged(*evaluator(), judge, picture);
  EXPECT_DOUBLE_EQ(score.value, 0.8);
  ASSERT_EQ(judge.requests.size(), 1U);
  const JudgeRequest& request = judge.requests[0];
  EXPECT_NE(request.system, "");
  ASSERT_EQ(request.parts.size(), 2U);
  EXPECT_THAT(request.parts[0].text, HasSubstr("a late tree"));
  EXPECT_THAT(request.parts[0].text, HasSubstr("no leaves"));
  EXPECT_EQ(request.parts[1].media_type, "image/jpeg");
  EXPECT_EQ(request.parts[1].bytes, picture.bytes);
}

TEST(Wise, OptionsReachTheRules) {
  ScriptedJudge lines({{.text = "2\n1\n0"}}), named({{.text = "Score: 1"}});
  EXPECT_EQ(judged(*evaluator({{"dialect", "upstream"}}), lines).status, ScoreStatus::scored);
  EXPECT_EQ(judged(*evaluator({{"dialect", "reca"}}), lines).status, ScoreStatus::unparsable);
  EXPECT_EQ(judged(*evaluator({{"generation", "verified"}}), named).value, 1);
  const EvaluationItem culture{.tag = "culture"}, time{.tag = "time"};
  const std::vector<ScoredImage> images = {{&culture, 0, {.value = 1}, nullptr}, {&time, 0, {}, nullptr}};
  const auto overall = [&](const Values& values) {
    return evaluator(values)->aggregate(images).back().value;
  };
  EXPECT_NEAR(overall({}), 0.4 / 0.567, 1e-12);
  EXPECT_NEAR(overall({{"generation", "verified"}}), 0.4 / 0.52, 1e-12);
  EXPECT_NEAR(overall({{"overall", "plain6"}}), 0.5, 1e-12);
}

TEST(Wise, IsAskedThreeTimesAndNeverScoredWithoutAnAnswer) {
  ScriptedJudge babbling({{.text = "Consistency: 2"}});
  EXPECT_EQ(judged(*evaluator(), babbling).status, ScoreStatus::unparsable);
  EXPECT_EQ(babbling.requests.size(), 3U);
  EXPECT_EQ(babbling.requests[2].attempt, 2);
  ScriptedJudge refusing({{.status = ReplyStatus::refused, .text = "2\n2\n2"}});
  EXPECT_EQ(judged(*evaluator({{"rounds", int64_t{1}}}), refusing).status, ScoreStatus::refused);
}

}  // namespace
}  // namespace umm
