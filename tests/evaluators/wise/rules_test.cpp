#include "wise/rules.h"

#include <gmock/gmock.h>

namespace umm::wise {
namespace {

using judge::Status;
using ::testing::HasSubstr;

judge::Reply reply(const std::string& text, int64_t attempt = 1) {
  return {.text = text, .attempt = attempt};
}

PictureScore legacy(std::vector<judge::Reply> replies, Dialect dialect = Dialect::upstream) {
  return score({{kRole, std::move(replies)}}, Generation::legacy, dialect);
}

PictureScore verified(std::vector<judge::Reply> replies) {
  return score({{kRole, std::move(replies)}}, Generation::verified);
}

TEST(WiScore, WeighsItsParts) {
  EXPECT_DOUBLE_EQ(wi_score(2, 2, 2), 1);
  EXPECT_DOUBLE_EQ(wi_score(2, 0, 0), 0.7);
  EXPECT_DOUBLE_EQ(wi_score(0, 2, 0), 0.2);
  EXPECT_DOUBLE_EQ(wi_score(0, 0, 2), 0.1);
  EXPECT_DOUBLE_EQ(legacy({reply("Consistency: 2\nRealism: 1\nAesthetic Quality: 0")}).value, 0.8);
}

TEST(WiseScore, IsOfTheFirstWholeReply) {
  const PictureScore picture = legacy({reply("Consistency: 2"), reply("0\n2\n0", 2), reply("2\n2\n2", 3)});
  EXPECT_EQ(picture.status, Status::ok);
  EXPECT_DOUBLE_EQ(picture.value, 0.2);
  EXPECT_EQ(picture.three.realism, 2);
  EXPECT_EQ(verified({{.text = "", .error = "timed out"}, reply("Score: 1", 2), reply("Score: 0", 3)}).value,
            1);
  EXPECT_EQ(verified({reply("<think>Score: 1</think>Score: 0")}).value, 0);
}

// Where BAGEL's and RecA's scripts store 9.9, there is a status and no value.
TEST(WiseScore, AMissingScoreIsAStatus) {
  for (const Dialect dialect : {Dialect::upstream, Dialect::reca}) {
    const PictureScore picture = legacy({reply("Consistency: 2\nRealism: 1")}, dialect);
    EXPECT_EQ(picture.status, Status::unparsable);
    EXPECT_EQ(picture.value, 0);
    EXPECT_EQ(picture.three.consistency, 2);
    EXPECT_EQ(picture.three.aesthetic_quality, std::nullopt);
    EXPECT_EQ(picture.reason, "no aesthetic quality");
  }
  EXPECT_EQ(legacy({reply("2\n1\n0")}, Dialect::reca).reason,
            "no consistency, no realism, no aesthetic quality");
  EXPECT_EQ(legacy({}).status, Status::error);
  EXPECT_EQ(score({}, Generation::legacy).status, Status::error);
  EXPECT_EQ(legacy({{.text = "", .error = "status 500"}}).reason, "status 500");
  EXPECT_EQ(legacy({reply(" \n")}).status, Status::refused);
  EXPECT_EQ(legacy({{.text = "cut", .finish_reason = "content_filter"}}).status, Status::refused);
  EXPECT_EQ(verified({reply("I cannot tell.")}).status, Status::unparsable);
  EXPECT_EQ(verified({reply("")}).status, Status::refused);
}

TEST(WiseScore, APartBeyondTheScaleIsNone) {
  const PictureScore picture = legacy({reply("Consistency: 2\nRealism: 9\nAesthetic Quality: 1")});
  EXPECT_EQ(picture.status, Status::unparsable);
  EXPECT_THAT(picture.reason, HasSubstr("realism 9 of 2"));
}

}  // namespace
}  // namespace umm::wise
