#include "wise/rules.h"

#include <gmock/gmock.h>

namespace umm::wise {
namespace {

using evaluators::kSingleRole;
using evaluators::StoredReply;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

StoredReply reply(const std::string& text, int64_t attempt = 0) {
  return {.reply = {.text = text}, .attempt = attempt};
}

ItemScore legacy(std::vector<StoredReply> replies, Dialect dialect = Dialect::upstream) {
  return score({{kSingleRole, std::move(replies)}}, Generation::legacy, dialect);
}

ItemScore verified(std::vector<StoredReply> replies) {
  return score({{kSingleRole, std::move(replies)}}, Generation::verified);
}

TEST(WiScore, WeighsItsParts) {
  EXPECT_DOUBLE_EQ(wi_score(2, 2, 2), 1);
  EXPECT_DOUBLE_EQ(wi_score(2, 0, 0), 0.7);
  EXPECT_DOUBLE_EQ(wi_score(0, 2, 0), 0.2);
  EXPECT_DOUBLE_EQ(wi_score(0, 0, 2), 0.1);
  EXPECT_DOUBLE_EQ(legacy({reply("Consistency: 2\nRealism: 1\nAesthetic Quality: 0")}).value, 0.8);
}

TEST(WiseScore, IsOfTheFirstWholeReply) {
  const ItemScore picture = legacy({reply("Consistency: 2"), reply("0\n2\n0", 2), reply("2\n2\n2", 3)});
  EXPECT_EQ(picture.status, ScoreStatus::scored);
  EXPECT_DOUBLE_EQ(picture.value, 0.2);
  EXPECT_THAT(picture.components, ElementsAre(Pair("C", 0), Pair("R", 2), Pair("A", 0)));
  EXPECT_EQ(verified({{{.status = ReplyStatus::failed, .error = "timed out"}},
                      reply("Score: 1", 2),
                      reply("Score: 0", 3)})
                .value,
            1);
  EXPECT_EQ(verified({reply("<think>Score: 1</think>Score: 0")}).value, 0);
}

// Where BAGEL's and RecA's scripts store 9.9, there is a status and no value.
TEST(WiseScore, AMissingScoreIsAStatus) {
  for (const Dialect dialect : {Dialect::upstream, Dialect::reca}) {
    const ItemScore picture = legacy({reply("Consistency: 2\nRealism: 1")}, dialect);
    EXPECT_EQ(picture.status, ScoreStatus::unparsable);
    EXPECT_EQ(picture.value, 0);
    EXPECT_THAT(picture.components, IsEmpty());
    EXPECT_EQ(picture.reason, "no aesthetic quality");
  }
  EXPECT_EQ(legacy({reply("2\n1\n0")}, Dialect::reca).reason,
            "no consistency, no realism, no aesthetic quality");
  EXPECT_EQ(legacy({}).status, ScoreStatus::failed);
  EXPECT_EQ(score({}, Generation::legacy).status, ScoreStatus::failed);
  EXPECT_EQ(legacy({{{.status = ReplyStatus::failed, .error = "status 500"}}}).reason, "status 500");
  EXPECT_EQ(legacy({reply(" \n")}).status, ScoreStatus::refused);
  EXPECT_EQ(legacy({{{.text = "cut", .finish_reason = "content_filter"}}}).status, ScoreStatus::refused);
  EXPECT_EQ(verified({{{.status = ReplyStatus::refused, .text = "Score: 1"}}}).status, ScoreStatus::refused);
  EXPECT_EQ(verified({reply("I cannot tell.")}).status, ScoreStatus::refused);
  EXPECT_EQ(verified({reply("<think>1 or 0?</think>I cannot tell.")}).status, ScoreStatus::refused);
  EXPECT_EQ(verified({reply("Score: 7")}).status, ScoreStatus::unparsable);
  EXPECT_EQ(legacy({reply("I cannot help with that.")}).status, ScoreStatus::refused);
  for (const auto& role : {legacy({{{.text = "", .finish_reason = "length"}}}),
                           verified({{{.text = "<think>", .finish_reason = "length"}}})})
    EXPECT_EQ(role.status, ScoreStatus::unparsable);
  EXPECT_EQ(verified({reply("")}).status, ScoreStatus::refused);
}

TEST(WiseScore, APartBeyondTheScaleIsNone) {
  const ItemScore picture = legacy({reply("Consistency: 2\nRealism: 9\nAesthetic Quality: 1")});
  EXPECT_EQ(picture.status, ScoreStatus::unparsable);
  EXPECT_THAT(picture.reason, HasSubstr("realism 9 of 2"));
}

}  // namespace
}  // namespace umm::wise
