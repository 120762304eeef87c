#include "gedit/rules.h"

#include <gmock/gmock.h>

#include <cmath>

#include "umm/error.h"

namespace umm::gedit {
namespace {

using judge::Evidence;
using judge::Status;

judge::Reply reply(const std::string& text, int64_t attempt = 1) {
  return {.text = text, .attempt = attempt};
}

TEST(GeditScore, IsTheRootOfTheLeastScores) {
  const PictureScore picture =
      score({{"SC", {reply(R"({"score": [9, 4]})")}}, {"PQ", {reply(R"({"score": [7, 8]})")}}});
  EXPECT_EQ(picture.status, Status::ok);
  EXPECT_EQ(picture.semantic_consistency, 4);
  EXPECT_EQ(picture.perceptual_quality, 7);
  EXPECT_DOUBLE_EQ(picture.overall, std::sqrt(28));
  EXPECT_EQ(picture.reason, "");
}

TEST(GeditScore, IsOfTheFirstAttemptThatBothRolesAnswer) {
  // Both were asked again; the first reply of SC does not count though it could be read.
  PictureScore picture = score({{"SC", {reply("[9, 9]"), reply("[2, 3]", 2), reply("[8, 8]", 3)}},
                                {"PQ", {reply("sorry"), reply("[8, 9]", 2), reply("[1, 1]", 3)}}});
  EXPECT_EQ(picture.status, Status::ok);
  EXPECT_DOUBLE_EQ(picture.overall, 4);
  // Only PQ was asked again.
  picture = score({{"SC", {reply("[9, 9]")}}, {"PQ", {reply("sorry"), reply("[4, 5]", 2)}}});
  EXPECT_DOUBLE_EQ(picture.overall, 6);
}

TEST(GeditScore, AFailureHasAStatusAndNoScore) {
  const auto status = [](const Evidence& evidence) {
    const PictureScore picture = score(evidence);
    EXPECT_EQ(picture.overall, 0);
    EXPECT_NE(picture.reason, "");
    return picture.status;
  };
  const std::vector<judge::Reply> good = {reply("[9, 9]")};
  EXPECT_EQ(status({}), Status::error);
  EXPECT_EQ(status({{"SC", good}}), Status::error);
  EXPECT_EQ(status({{"SC", good}, {"PQ", {}}}), Status::error);
  EXPECT_EQ(status({{"SC", good}, {"PQ", {reply("rate_limit_exceeded")}}}), Status::error);
  EXPECT_EQ(status({{"SC", good}, {"PQ", {{.text = "[1, 1]", .error = "timed out"}}}}), Status::error);
  EXPECT_EQ(status({{"SC", good}, {"PQ", {reply("")}}}), Status::refused);
  EXPECT_EQ(status({{"SC", good}, {"PQ", {reply("{}")}}}), Status::unparsable);
  EXPECT_EQ(status({{"SC", {reply("{}")}}, {"PQ", {reply("no")}}}), Status::refused);
  // The reference raises for one of these and takes the root of 4 for the other.
  EXPECT_EQ(status({{"SC", {reply(R"({"score": [15,-2]})")}}, {"PQ", good}}), Status::unparsable);
  EXPECT_EQ(status({{"SC", {reply(R"({"score": -2})")}}, {"PQ", {reply(R"({"score": -2})")}}}),
            Status::unparsable);
  EXPECT_EQ(score({{"SC", good}, {"PQ", {reply("")}}}).reason,
            "PQ: neither a JSON object, nor a pair of scores, nor one from 0 to 10");
}

ScoredPicture picture(const std::string& group, double sc, double pq, bool in_intersection = true,
                      const std::string& language = "en") {
  return {group, language, in_intersection, score_of({sc}, {pq})};
}

TEST(GeditSummary, GroupsWeighAlike) {
  std::vector<ScoredPicture> pictures = {picture("tone_transfer", 4, 9),
                                         picture("tone_transfer", 0, 9, false), picture("color_alter", 9, 9),
                                         picture("color_alter", 1, 1, true, "cn")};
  pictures.push_back({"color_alter", "en", false, {}});
  pictures.push_back({"ps_human", "en", false, {}});
  const Summary full = summarize(pictures, "en", Subset::full);
  ASSERT_EQ(full.groups.size(), 3U);
  EXPECT_EQ(full.groups[0].group, "color_alter");
  EXPECT_EQ(full.groups[0].means.num_failed, 1);
  EXPECT_EQ(full.groups[1].group, "ps_human");
  EXPECT_EQ(full.groups[1].means.num_scored, 0);
  EXPECT_EQ(full.groups[2].means.semantic_consistency, 2);
  EXPECT_EQ(full.groups[2].means.overall, 3) << "not sqrt(2 * 9): the mean of the pictures' roots";
  EXPECT_EQ(full.num_groups, 2);
  EXPECT_EQ(full.macro.semantic_consistency, 5.5);
  EXPECT_EQ(full.macro.perceptual_quality, 9);
  EXPECT_EQ(full.macro.overall, 6);
  EXPECT_EQ(full.macro.num_scored, 3);
  EXPECT_EQ(full.macro.num_failed, 2);

  const Summary intersection = summarize(pictures, "en", Subset::intersection);
  EXPECT_EQ(intersection.macro.overall, 7.5);
  EXPECT_EQ(intersection.macro.num_failed, 0);
  EXPECT_EQ(summarize(pictures, "cn", Subset::full).macro.overall, 1);
  EXPECT_EQ(summarize({}, "cn", Subset::full).num_groups, 0);
  EXPECT_THROW(summarize({picture("other", 1, 1)}, "en", Subset::full), Error);
}

}  // namespace
}  // namespace umm::gedit
