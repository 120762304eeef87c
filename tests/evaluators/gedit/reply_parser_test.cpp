#include "gedit/reply_parser.h"

#include <gmock/gmock.h>

#include <chrono>

namespace umm::gedit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<double> scores(std::string_view text) {
  const ParsedReply reply = parse_reply(text);
  EXPECT_EQ(reply.found == Found::scores, !reply.scores.empty()) << text;
  EXPECT_EQ(reply.found == Found::scores, reply.reason.empty()) << text;
  return reply.scores;
}

Found found(std::string_view text) {
  return parse_reply(text).found;
}

// The reference's answers at a first attempt.
TEST(GeditReply, GoldenVectorsOfTheReference) {
  EXPECT_THAT(scores(R"({"score":[7,5],"reasoning":"x"})"), ElementsAre(7, 5));
  EXPECT_THAT(scores("```json\n{\n\"score\" : [7, 5],\n\"reasoning\" : \"x\"\n}\n```"), ElementsAre(7, 5));
  EXPECT_THAT(scores("[6, 0]"), ElementsAre(6, 0));
  EXPECT_THAT(scores("[6,0]"), ElementsAre(6, 0));
  EXPECT_THAT(scores("Score: [6, 0]"), ElementsAre(6, 0));
  EXPECT_THAT(scores("7"), ElementsAre(7));
  EXPECT_EQ(found("11"), Found::none);
  EXPECT_THAT(scores(R"({"score": 8, "reasoning": "x"})"), ElementsAre(8));
  EXPECT_THAT(scores(R"({"score": [15,-2]})"), ElementsAre(15, -2));
  EXPECT_THAT(scores(R"({"score": [7.5, 8]})"), ElementsAre(7.5, 8));
  EXPECT_EQ(found(R"({"score": [7, 8], "reasoning": "a "quoted" word"})"), Found::none);
  EXPECT_EQ(found(R"({score: [8, 7], "reasoning": "x"})"), Found::none);
  EXPECT_EQ(found(R"({"scores": [8, 7]})"), Found::none);
  EXPECT_EQ(found(R"({"score": [8, 7]} {"score": [1, 2]})"), Found::none);
  EXPECT_EQ(found(""), Found::none);
  EXPECT_THAT(scores(R"(so: ||V^=^V||{"score": [3, 4]}||V^=^V|| {)"), ElementsAre(3, 4));
}

TEST(GeditReply, ARateLimitIsAnError) {
  EXPECT_EQ(found("rate_limit_exceeded"), Found::rate_limit);
  EXPECT_EQ(found("rate_limit_exceeded "), Found::none);
}

TEST(GeditReply, WithoutScoresThereIsNoneAndNeverADraw) {
  for (const char* text : {"I'm sorry, I can't assist with that.", "]", "[", "] [", "[6, 0, 1]", "[6]",
                           "[6 , 0]", "[6,  0]", "[-6, 0]", "6.5", "six", "{", "[6, 0] and [1, 2]"})
    EXPECT_EQ(found(text), Found::none) << text;
  EXPECT_EQ(found("[06, 0]"), Found::none);
  EXPECT_EQ(found("[\u0666, 0]"), Found::none);
  EXPECT_THAT(scores("[100, 20]"), ElementsAre(100, 20)) << "a list's range is not checked";
}

TEST(GeditReply, DelimitersCountIfThereAreTwo) {
  EXPECT_THAT(scores(R"(||V^=^V||{"score": [3, 4]})"), ElementsAre(3, 4));
  EXPECT_THAT(scores(R"(||V^=^V||{"score": [3, 4]}||V^=^V||||V^=^V||)"), ElementsAre(3, 4));
  EXPECT_EQ(found("||V^=^V||7||V^=^V||"), Found::none);
  EXPECT_EQ(found("||V^=^V||[7, 5]||V^=^V||"), Found::none);
  EXPECT_EQ(found("||V^=^V||||V^=^V||"), Found::none);
  EXPECT_EQ(found("||V^=^V||\ufeff{\"score\": [3, 4]}||V^=^V||"), Found::none);
}

TEST(GeditReply, LineBreaksGoAndNothingElse) {
  EXPECT_THAT(scores("{\"sc\nore\": [1,\n 2], \"reasoning\": \"two\nlines\"}"), ElementsAre(1, 2));
  EXPECT_EQ(found("{\"score\": [1, 2], \"reasoning\": \"a\ttab\"}"), Found::none);
  EXPECT_THAT(scores("{\"score\": [1, 2],\r\n \"reasoning\": \"x\"}"), ElementsAre(1, 2));
}

TEST(GeditReply, TakesTheOutermostLastScore) {
  EXPECT_THAT(scores(R"({"score": [1, 2], "score": [3]})"), ElementsAre(3));
  EXPECT_THAT(scores(R"({"score": ["a"], "score": 3})"), ElementsAre(3));
  EXPECT_THAT(scores(R"({"a": {"score": [9]}, "b": [{"score": [8]}], "\u0073core": [3, 4], "c": [5]})"),
              ElementsAre(3, 4));
  EXPECT_EQ(found(R"({"a": {"score": [9, 9]}})"), Found::none);
}

TEST(GeditReply, ScoresAreNumbers) {
  for (const char* text : {R"({"score": []})", R"({"score": null})", R"({"score": "8"})",
                           R"({"score": [7, "5"]})", R"({"score": true})", R"({"score": [true, 5]})",
                           R"({"score": [[7, 5]]})", R"({"score": [7, [5]]})", R"({"score": {"a": 1}})",
                           R"({"score": [{"a": 1}]})", R"({"score": [NaN, 5]})", R"({"score": 1e999})"})
    EXPECT_EQ(found(text), Found::none) << text;
}

TEST(GeditReply, RepairsAsTheReferenceDoes) {
  EXPECT_THAT(scores("{score: 8, reasoning: good}"), ElementsAre(8));
  EXPECT_THAT(scores("{score: -8.5, \u7406\u7531: \u597d}"), ElementsAre(-8.5));
  EXPECT_THAT(scores("{score: 8, ok: true}"), ElementsAre(8));
  EXPECT_EQ(found("{score: 8, ok: TRUE}"), Found::none);
  EXPECT_EQ(found("{score: 8., why: x}"), Found::none) << "a text, no number";
  EXPECT_EQ(found("{score: [8]}"), Found::none) << "a text, no list";
  EXPECT_EQ(repaired_json(R"({a b: 1, "c": -2.5 ,d:null} e:)"),
            R"({a "b": [1], "c": [-2.5],"d": null} "e":)");
  EXPECT_EQ(repaired_json(""), "");
  EXPECT_EQ(repaired_json("a:::\"b\":c"), "\"a\":::\"b\":c");
}

// Replies made to hurt: each in a time that only a rule of higher order would take.
TEST(GeditReply, HostileRepliesAreHarmless) {
  constexpr size_t kSize = 1'000'000;
  const auto repeated = [](std::string_view part, size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += part;
    return text;
  };
  std::vector<std::string> replies;
  for (const char* part : {"{",   "}",  "{}",   "}{",           "[",   "{\"", "{\"a\":",   "\"",
                           "\":", "a:", "a",    "\\",           "\\u", ",",   "||V^=^V||", "|",
                           "9",   "_9", "\xff", "\xe3\x80\x80", " ",   "\n",  "\u7406",    "{\"score\":["}) {
    replies.push_back(repeated(part, kSize));
    replies.push_back("{" + replies.back() + "}");
    replies.push_back("[" + replies.back() + "]");
  }
  replies.push_back(repeated("[", kSize / 2) + repeated("]", kSize / 2));
  replies.push_back(std::string("{\"score\": [1, 2]}\0}", 19));
  replies.push_back(std::string(kSize, '\0'));
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& reply : replies) EXPECT_NE(found(reply), Found::scores) << reply.substr(0, 40);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));

  const std::string deep = repeated("{\"a\":", kSize) + "1" + std::string(kSize / 5, '}');
  EXPECT_THAT(scores(R"({"score": [1, 2], "a": )" + deep + "}"), ElementsAre(1, 2));
  const std::string wide = R"({"score": [)" + repeated("1,", kSize) + "1]}";
  EXPECT_EQ(scores(wide).size(), kSize / 2 + 1);
  EXPECT_THAT(scores("{\"score\": [1, 2]} \xff\xfe"), ElementsAre(1, 2))
      << "outside the object nothing matters";
  EXPECT_THAT(scores("{\"score\": [1, 2], \"reasoning\": \"\xff\"}"), IsEmpty());
}

}  // namespace
}  // namespace umm::gedit
