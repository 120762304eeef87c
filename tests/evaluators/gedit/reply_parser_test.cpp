#include "gedit/reply_parser.h"

#include <gmock/gmock.h>

#include <chrono>

namespace umm::gedit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<double> scores(std::string_view text) {
  const ParsedReply reply = parse_reply(text);
  EXPECT_EQ(reply.status == ScoreStatus::scored, !reply.scores.empty()) << text;
  EXPECT_EQ(reply.status == ScoreStatus::scored, reply.reason.empty()) << text;
  return reply.scores;
}

ScoreStatus status(std::string_view text) {
  return parse_reply(text).status;
}

// The reference's answers at a first attempt.
TEST(GeditReply, GoldenVectorsOfTheReference) {
  EXPECT_THAT(scores(R"({"score":[7,5],"reasoning":"x"})"), ElementsAre(7, 5));
  EXPECT_THAT(scores("```json\n{\n\"score\" : [7, 5],\n\"reasoning\" : \"x\"\n}\n```"), ElementsAre(7, 5));
  EXPECT_THAT(scores("[6, 0]"), ElementsAre(6, 0));
  EXPECT_THAT(scores("[6,0]"), ElementsAre(6, 0));
  EXPECT_THAT(scores("Score: [6, 0]"), ElementsAre(6, 0));
  EXPECT_THAT(scores("7"), ElementsAre(7));
  EXPECT_EQ(status("11"), ScoreStatus::refused);
  EXPECT_THAT(scores(R"({"score": 8, "reasoning": "x"})"), ElementsAre(8));
  EXPECT_THAT(scores(R"({"score": [15,-2]})"), ElementsAre(15, -2));
  EXPECT_THAT(scores(R"({"score": [7.5, 8]})"), ElementsAre(7.5, 8));
  EXPECT_EQ(status(R"({"score": [7, 8], "reasoning": "a "quoted" word"})"), ScoreStatus::unparsable);
  EXPECT_EQ(status(R"({score: [8, 7], "reasoning": "x"})"), ScoreStatus::unparsable);
  EXPECT_EQ(status(R"({"scores": [8, 7]})"), ScoreStatus::unparsable);
  EXPECT_EQ(status(R"({"score": [8, 7]} {"score": [1, 2]})"), ScoreStatus::unparsable);
  EXPECT_EQ(status(""), ScoreStatus::refused);
  EXPECT_THAT(scores(R"(so: ||V^=^V||{"score": [3, 4]}||V^=^V|| {)"), ElementsAre(3, 4));
}

TEST(GeditReply, ARateLimitIsAnError) {
  EXPECT_EQ(status("rate_limit_exceeded"), ScoreStatus::failed);
  EXPECT_EQ(status("rate_limit_exceeded "), ScoreStatus::refused);
}

TEST(GeditReply, WithoutScoresItIsARefusalAndNeverADraw) {
  for (const char* text : {"I'm sorry, I can't assist with that.", "]", "[", "] [", "[6, 0, 1]", "[6]",
                           "[6 , 0]", "[6,  0]", "[-6, 0]", "6.5", "six", "{", "[6, 0] and [1, 2]"})
    EXPECT_EQ(status(text), ScoreStatus::refused) << text;
  EXPECT_EQ(status("[06, 0]"), ScoreStatus::unparsable);
  EXPECT_EQ(status("[\u0666, 0]"), ScoreStatus::unparsable);
  EXPECT_THAT(scores("[100, 20]"), ElementsAre(100, 20)) << "a list's range is not checked";
}

TEST(GeditReply, DelimitersCountIfThereAreTwo) {
  EXPECT_THAT(scores(R"(||V^=^V||{"score": [3, 4]})"), ElementsAre(3, 4));
  EXPECT_THAT(scores(R"(||V^=^V||{"score": [3, 4]}||V^=^V||||V^=^V||)"), ElementsAre(3, 4));
  EXPECT_EQ(status("||V^=^V||7||V^=^V||"), ScoreStatus::unparsable);
  EXPECT_EQ(status("||V^=^V||[7, 5]||V^=^V||"), ScoreStatus::unparsable);
  EXPECT_EQ(status("||V^=^V||||V^=^V||"), ScoreStatus::unparsable);
  EXPECT_EQ(status("||V^=^V||\ufeff{\"score\": [3, 4]}||V^=^V||"), ScoreStatus::unparsable);
}

TEST(GeditReply, LineBreaksGoAndNothingElse) {
  EXPECT_THAT(scores("{\"sc\nore\": [1,\n 2], \"reasoning\": \"two\nlines\"}"), ElementsAre(1, 2));
  EXPECT_EQ(status("{\"score\": [1, 2], \"reasoning\": \"a\ttab\"}"), ScoreStatus::unparsable);
  EXPECT_THAT(scores("{\"score\": [1, 2],\r\n \"reasoning\": \"x\"}"), ElementsAre(1, 2));
}

TEST(GeditReply, TakesTheOutermostLastScore) {
  EXPECT_THAT(scores(R"({"score": [1, 2], "score": [3]})"), ElementsAre(3));
  EXPECT_THAT(scores(R"({"score": ["a"], "score": 3})"), ElementsAre(3));
  EXPECT_THAT(scores(R"({"a": {"score": [9]}, "b": [{"score": [8]}], "\u0073core": [3, 4], "c": [5]})"),
              ElementsAre(3, 4));
  EXPECT_EQ(status(R"({"a": {"score": [9, 9]}})"), ScoreStatus::unparsable);
}

TEST(GeditReply, ScoresAreNumbers) {
  for (const char* text : {R"({"score": []})", R"({"score": null})", R"({"score": "8"})",
                           R"({"score": [7, "5"]})", R"({"score": true})", R"({"score": [true, 5]})",
                           R"({"score": [[7, 5]]})", R"({"score": [7, [5]]})", R"({"score": {"a": 1}})",
                           R"({"score": [{"a": 1}]})", R"({"score": [NaN, 5]})", R"({"score": 1e999})"})
    EXPECT_EQ(status(text), ScoreStatus::unparsable) << text;
}

TEST(GeditReply, RepairsAsTheReferenceDoes) {
  EXPECT_THAT(scores("{score: 8, reasoning: good}"), ElementsAre(8));
  EXPECT_THAT(scores("{score: -8.5, \u7406\u7531: \u597d}"), ElementsAre(-8.5));
  EXPECT_THAT(scores("{score: 8, ok: true}"), ElementsAre(8));
  EXPECT_EQ(status("{score: 8, ok: TRUE}"), ScoreStatus::unparsable);
  EXPECT_EQ(status("{score: 8., why: x}"), ScoreStatus::unparsable) << "a text, no number";
  EXPECT_EQ(status("{score: [8]}"), ScoreStatus::unparsable) << "a text, no list";
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
  for (const std::string& reply : replies)
    EXPECT_NE(status(reply), ScoreStatus::scored) << reply.substr(0, 40);
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
