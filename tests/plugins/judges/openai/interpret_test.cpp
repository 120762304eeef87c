#include "interpret.h"

#include <gmock/gmock.h>

#include "reply_record.h"

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
}

std::string nested(size_t levels, bool is_closed) {
  return std::string(levels, '[') + (is_closed ? std::string(levels, ']') : "");
}

// Whole, it is below the longest body; what walked over its tree would pass the end of the stack.
TEST(JudgeInterpret, NestedWithoutEnd) {
  for (const bool is_closed : {false, true}) {
    const std::string deep = nested(3'000'000, is_closed);
    const std::string completion =
        R"({"choices": [{"message": {"content": )" + deep + (is_closed ? "}}]}" : "");
    for (const int status : {200, 500}) {
      EXPECT_EQ(meaning_of(status, deep).verdict, Verdict::again);
      EXPECT_EQ(meaning_of(status, completion).verdict, Verdict::again);
    }
    EXPECT_EQ(meaning_of(400, R"({"error": )" + deep + "}").reply.status, ReplyStatus::failed);
    EXPECT_EQ(record_of(R"({"format": )" + deep + "}"), std::nullopt);
  }
  EXPECT_EQ(meaning_of(200, R"({"choices": [{"message": {"content": )" + nested(50, true) + "}}]}").verdict,
            Verdict::reply);
}

// As Python's json.dumps writes a text that holds half a pair, and as a server sends that cuts between bytes.
TEST(JudgeInterpret, HalfACharacterIsReplaced) {
  const auto text = [](const std::string& content) {
    const Meaning meaning = meaning_of(200, R"({"choices": [{"message": {"content": ")" + content + R"("}}],
        "usage": {"prompt_tokens": 7}})");
    EXPECT_EQ(meaning.verdict, Verdict::reply) << content;
    EXPECT_EQ(meaning.reply.tokens_in, 7);
    EXPECT_NO_THROW(to_line({.reply = meaning.reply}));
    return meaning.reply.text;
  };
  EXPECT_EQ(text(R"(7 \ud83d)"), "7 \ufffd");
  EXPECT_EQ(text(R"(\ud83d\ud83d\uDE00.)"), "\ufffd\U0001F600.");
  EXPECT_EQ(text(R"(\ude00\n\ud83d\n\\ud83d)"), "\ufffd\n\ufffd\n\\ud83d")
      << "a backslash of its own begins none";
  EXPECT_EQ(text("7 \xff\xc3"), "7 \ufffd\ufffd");
  EXPECT_EQ(text("7 \xed\xa0\xbd."), "7 \ufffd\ufffd\ufffd.");
  EXPECT_EQ(text(R"(\ud83d\ude00 \u00e9)"), "\U0001F600 \u00e9") << "whole ones stay";
  EXPECT_EQ(meaning_of(200, R"({"choices": "\ud8)").verdict, Verdict::again);
}

TEST(JudgeInterpret, ExcerptsHideTheKeyBeforeTheyAreCut) {
  for (size_t before = 280; before < 310; ++before) {
    const Meaning meaning =
        meaning_of(500, std::string(before, 'x') + "sk-0123456789" + std::string(99, 'y'));
    EXPECT_THAT(meaning.problem, Not(HasSubstr("sk-0"))) << before;
  }
  EXPECT_EQ(excerpt("sk-\xff"
                    "0123456789",
                    Secret("sk-0123456789")),
            "***")
      << "taken apart by what is no UTF-8";
  EXPECT_EQ(excerpt("a\r\n\tb\xff \xc3\xa9", Secret("")), "a   b \xc3\xa9");
  EXPECT_EQ(Secret("none").scrub("none of it"), "none of it");
}

// As a server may write it within JSON, or in the URL that it sends one on to.
TEST(JudgeInterpret, AnEscapedKeyIsHiddenAsWell) {
  const Secret secret("sk-abc/def+g\\h\"1");
  for (const char* key : {R"(sk-abc/def+g\h"1)", R"(sk-abc\/def+g\\h\"1)", R"(sk-abc\\/def+g\\\\h\\\"1)",
                          R"(\u0073k-abc\u002Fdef\u002bg\u005ch\u00221)", "sk-abc%2Fdef%2Bg%5ch%221",
                          "%73k%2dabc%252fdef%252Bg%255Ch%25221", R"(sk-abc\/def%2Bg\\h\"1)"})
    EXPECT_EQ(secret.scrub("bad " + std::string(key) + "!"), "bad ***!");
  for (const char* other :
       {R"(sk-abc\/def)", "sk-abc%2Fdef%2", R"(\\\\)", "%", "100%", R"(\u00)", R"(a\n%5C)"})
    EXPECT_EQ(secret.scrub(other), other);
  EXPECT_EQ(Secret("%41%42%43").scrub("ABC %41%42%43"), "ABC ***") << "too short without its escapes";

  const Secret key("sk-abc/defgh1");
  const auto error = [&](int status, const std::string& body) {
    const Meaning meaning = interpret({.delivery = Delivery::whole, .status = status, .body = body}, key);
    return meaning.reply.error + meaning.problem;
  };
  EXPECT_EQ(error(400, R"({"errors": [{"detail": "bad key sk-abc\/defgh1 caf\u00e9"}]})"),
            "HTTP status 400: {\"errors\":[{\"detail\":\"bad key *** caf\u00e9\"}]}");
  EXPECT_THAT(error(200, R"({"key": "sk-abc\u002fdefgh1"})"), HasSubstr(R"(found {"key":"***"})"));
  EXPECT_THAT(error(500, R"({"detail": "{\"key\": \"sk-abc\\\/defgh1\"}"})"), HasSubstr(R"({"key": "***"})"));
  EXPECT_THAT(error(502, "<a href='?key=sk-abc%2Fdefgh1'>"), HasSubstr("?key=***'"));
}

// Rows of what begins escapes must not be walked from each of them.
TEST(JudgeInterpret, EscapesWithoutEndAreHarmless) {
  for (const char* part : {"\\", "%5C", "%25", "\\u005c", "s\\", "%", "\\%5c"}) {
    std::string text;
    while (text.size() < 1'000'000) text += part;
    EXPECT_EQ(Secret("sssssssssssssss1").scrub(text), text) << part;
  }
}

}  // namespace
}  // namespace umm::openai
