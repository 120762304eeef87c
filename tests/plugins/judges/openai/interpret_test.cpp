#include "interpret.h"

#include <gmock/gmock.h>

namespace umm::openai {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Meaning meaning_of(int status, const std::string& body) {
  return interpret({.delivery = Delivery::whole, .status = status, .body = body}, Secret("sk-0123456789"));
}

TEST(JudgeInterpret, ErrorsAsServersWriteThem) {
  for (const char* body : {R"({"error": {"message": "bad image", "type": "invalid_request_error"}})",
                           R"({"object": "error", "message": "bad image", "code": 400})",
                           R"({"error": "bad image"})", R"({"detail": "bad image"})", "bad image"}) {
    const Meaning meaning = meaning_of(400, body);
    EXPECT_EQ(meaning.verdict, Verdict::reply);
    EXPECT_EQ(meaning.reply.status, ReplyStatus::failed);
    EXPECT_EQ(meaning.reply.error, "HTTP status 400: bad image");
  }
}

TEST(JudgeInterpret, FiltersBeforeAModel) {
  const Meaning azure = meaning_of(400, R"({"error": {"code": "content_filter", "message": "no",
      "innererror": {"code": "ResponsibleAIPolicyViolation"}}})");
  EXPECT_EQ(azure.reply.status, ReplyStatus::refused);
  EXPECT_EQ(meaning_of(400, R"({"error": {"code": "content_policy_violation"}})").reply.status,
            ReplyStatus::refused);
}

// A server that is no judge may send anything.
TEST(JudgeInterpret, AnythingIsReadWithoutHarm) {
  for (const char* body :
       {"", "null", "[]", "7", R"("x")", R"({"choices": null})", R"({"choices": [null]})",
        R"({"choices": [{"message": "x"}]})", R"({"choices": [{"message": []}]})",
        R"({"error": {"message": "overloaded", "code": 429}})", "\xff\xfe", R"({"choices":)"}) {
    const Meaning meaning = meaning_of(200, body);
    EXPECT_EQ(meaning.verdict, Verdict::again) << body;
    EXPECT_THAT(meaning.problem, HasSubstr("expected a chat completion")) << body;
  }
  for (const char* body :
       {R"({"choices": [{"message": {}}]})", R"({"choices": [{"message": {"content": 7}}], "usage": []})",
        R"({"choices": [{"message": {"content": [1, {"text": 2}, []]}, "finish_reason": 3}], "model": {}})",
        R"({"choices": [{"message": {"content": ""}}], "usage": {"prompt_tokens": 1e300}})"}) {
    const Meaning meaning = meaning_of(200, body);
    EXPECT_EQ(meaning.verdict, Verdict::reply) << body;
    EXPECT_EQ(meaning.reply.text, "") << body;
    EXPECT_FALSE(meaning.tokens) << body;
    EXPECT_TRUE(meaning.may_be_counted) << body;
  }
  const std::string deep(1 << 20, '[');
  EXPECT_EQ(meaning_of(200, deep).verdict, Verdict::again);
  EXPECT_EQ(meaning_of(500, deep).verdict, Verdict::again);
}

TEST(JudgeInterpret, ExcerptsHideTheKeyBeforeTheyAreCut) {
  for (size_t before = 280; before < 310; ++before) {
    const Meaning meaning =
        meaning_of(500, std::string(before, 'x') + "sk-0123456789" + std::string(99, 'y'));
    EXPECT_THAT(meaning.problem, Not(HasSubstr("sk-0"))) << before;
  }
  EXPECT_EQ(excerpt("a\r\n\tb\xff \xc3\xa9", Secret("")), "a   b \xc3\xa9");
  EXPECT_EQ(Secret("none").scrub("none of it"), "none of it");
}

}  // namespace
}  // namespace umm::openai
