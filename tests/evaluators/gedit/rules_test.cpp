#include "gedit/rules.h"

#include <gmock/gmock.h>

#include <cmath>
#include <deque>

#include "umm/error.h"

namespace umm::gedit {
namespace {

using evaluators::JudgeEvidence;
using evaluators::StoredReply;
using ::testing::ElementsAre;

StoredReply reply(const std::string& text, int64_t attempt = 0) {
  return {.reply = {.text = text}, .attempt = attempt};
}

double component(const ItemScore& score, const std::string& name) {
  for (const auto& [known, value] : score.components)
    if (known == name) return value;
  ADD_FAILURE() << "no component " << name;
  return -1;
}

TEST(GeditScore, IsTheRootOfTheLeastScores) {
  const ItemScore picture =
      score({{"SC", {reply(R"({"score": [9, 4]})")}}, {"PQ", {reply(R"({"score": [7, 8]})")}}});
  EXPECT_EQ(picture.status, ScoreStatus::scored);
  EXPECT_EQ(component(picture, "SC"), 4);
  EXPECT_EQ(component(picture, "PQ"), 7);
  EXPECT_DOUBLE_EQ(picture.value, std::sqrt(28));
  EXPECT_EQ(picture.reason, "");
}

TEST(GeditScore, IsOfTheFirstAttemptThatBothRolesAnswer) {
  // Both were asked again; the first reply of SC does not count though it could be read.
  ItemScore picture = score({{"SC", {reply("[9, 9]"), reply("[2, 3]", 2), reply("[8, 8]", 3)}},
                             {"PQ", {reply("sorry"), reply("[8, 9]", 2), reply("[1, 1]", 3)}}});
  EXPECT_EQ(picture.status, ScoreStatus::scored);
  EXPECT_DOUBLE_EQ(picture.value, 4);
  // Only PQ was asked again.
  picture = score({{"SC", {reply("[9, 9]")}}, {"PQ", {reply("sorry"), reply("[4, 5]", 2)}}});
  EXPECT_DOUBLE_EQ(picture.value, 6);
}

TEST(GeditScore, AFailureHasAStatusAndNoScore) {
  const auto status = [](const JudgeEvidence& evidence) {
    const ItemScore picture = score(evidence);
    EXPECT_EQ(picture.value, 0);
    EXPECT_NE(picture.reason, "");
    return picture.status;
  };
  const std::vector<StoredReply> good = {reply("[9, 9]")};
  EXPECT_EQ(status({}), ScoreStatus::failed);
  EXPECT_EQ(status({{"SC", good}}), ScoreStatus::failed);
  EXPECT_EQ(status({{"SC", good}, {"PQ", {}}}), ScoreStatus::failed);
  EXPECT_EQ(status({{"SC", good}, {"PQ", {reply("rate_limit_exceeded")}}}), ScoreStatus::failed);
  EXPECT_EQ(status({{"SC", good},
                    {"PQ", {{{.status = ReplyStatus::failed, .text = "[1, 1]", .error = "timed out"}}}}}),
            ScoreStatus::failed);
  EXPECT_EQ(status({{"SC", good}, {"PQ", {reply("")}}}), ScoreStatus::refused);
  EXPECT_EQ(status({{"SC", good}, {"PQ", {reply("I cannot help with that.")}}}), ScoreStatus::refused);
  EXPECT_EQ(status({{"SC", good}, {"PQ", {reply("11")}}}), ScoreStatus::unparsable);
  EXPECT_EQ(status({{"SC", good}, {"PQ", {{{.text = "", .finish_reason = "length"}}}}}),
            ScoreStatus::unparsable);
  EXPECT_EQ(status({{"SC", good}, {"PQ", {{{.status = ReplyStatus::refused, .text = "[1, 1]"}}}}}),
            ScoreStatus::refused);
  EXPECT_EQ(status({{"SC", good}, {"PQ", {reply("{}")}}}), ScoreStatus::unparsable);
  EXPECT_EQ(status({{"SC", {reply("{}")}}, {"PQ", {reply("no")}}}), ScoreStatus::refused);
  // The reference raises for one of these and takes the root of 4 for the other.
  EXPECT_EQ(status({{"SC", {reply(R"({"score": [15,-2]})")}}, {"PQ", good}}), ScoreStatus::unparsable);
  EXPECT_EQ(status({{"SC", {reply(R"({"score": -2})")}}, {"PQ", {reply(R"({"score": -2})")}}}),
            ScoreStatus::unparsable);
  EXPECT_EQ(score({{"SC", good}, {"PQ", {reply("")}}}).reason,
            "PQ: neither a JSON object, nor a pair of scores, nor one from 0 to 10");
}

// Pictures of groups, with scores.
class Pictures {
 public:
  void add(const std::string& group, const ItemScore& score) {
    items_.push_back({.id = std::to_string(items_.size()), .tag = group});
    images_.push_back({&items_.back(), 0, score, nullptr});
  }
  void add(const std::string& group, double sc, double pq) { add(group, score_of({sc}, {pq})); }
  const std::vector<ScoredImage>& images() const { return images_; }

 private:
  std::deque<EvaluationItem> items_;
  std::vector<ScoredImage> images_;
};

TEST(GeditAggregate, GroupsWeighAlike) {
  Pictures pictures;
  pictures.add("tone_transfer", 4, 9);
  pictures.add("tone_transfer", 0, 9);
  pictures.add("color_alter", 9, 9);
  pictures.add("color_alter", evaluators::unscored(ScoreStatus::refused, "no"));
  pictures.add("ps_human", evaluators::unscored(ScoreStatus::missing, "no"));
  const auto scores = aggregate(pictures.images());
  std::vector<std::string> names;
  for (const NamedScore& score : scores) names.push_back(score.name);
  EXPECT_THAT(names, ElementsAre("color_alter", "tone_transfer", "SC", "PQ", "overall"));
  EXPECT_EQ(scores[0].value, 9);
  EXPECT_EQ(scores[0].num_unscored, 1);
  EXPECT_EQ(scores[1].value, 3) << "not sqrt(2 * 9): the mean of the pictures' roots";
  EXPECT_EQ(scores[2].value, 5.5);
  EXPECT_EQ(scores[3].value, 9);
  EXPECT_EQ(scores[4].value, 6);
  for (size_t i = 2; i < scores.size(); ++i) {
    EXPECT_EQ(scores[i].num_images, 5) << names[i];
    EXPECT_EQ(scores[i].num_unscored, 2) << names[i];
  }
}

TEST(GeditAggregate, WithoutAScoreThereIsNone) {
  Pictures pictures;
  pictures.add("ps_human", evaluators::unscored(ScoreStatus::missing, "no"));
  EXPECT_THAT(aggregate(pictures.images()), ::testing::IsEmpty());
  EXPECT_THROW(aggregate({}), Error);
}

}  // namespace
}  // namespace umm::gedit
