#include "judge_evidence.h"

#include <gmock/gmock.h>

#include "../scripted_judge.h"
#include "umm/error.h"

namespace umm::evaluators {
namespace {

using ::testing::ElementsAre;

StoredReply reply(const std::string& text, int64_t attempt = 0) {
  return {.reply = {.text = text}, .attempt = attempt};
}

TEST(JudgeEvidence, SurvivesItsText) {
  JudgeEvidence evidence;
  evidence["SC"] = {reply("first \"reply\"\n"),
                    {{.status = ReplyStatus::failed, .error = "status 500", .http_status = 500}, 3}};
  evidence["PQ"] = {{{.status = ReplyStatus::refused,
                      .text = "\u7406",
                      .error = "filtered",
                      .model = "judge-1",
                      .fingerprint = "fp",
                      .finish_reason = "stop",
                      .request_hash = "ab",
                      .date = "2026-01-31",
                      .tokens_in = 12,
                      .http_status = 200},
                     1}};
  const std::string text = evidence_text(evidence);
  const JudgeEvidence read = parse_judge_evidence(text, {"SC", "PQ"});
  EXPECT_EQ(evidence_text(read), text);
  EXPECT_EQ(read.at("SC")[0].reply.text, "first \"reply\"\n");
  EXPECT_EQ(read.at("SC")[0].reply.status, ReplyStatus::answered);
  EXPECT_EQ(read.at("SC")[1].reply.status, ReplyStatus::failed);
  EXPECT_EQ(read.at("SC")[1].reply.http_status, 500);
  const JudgeReply& pq = read.at("PQ")[0].reply;
  EXPECT_EQ(pq.status, ReplyStatus::refused);
  EXPECT_EQ(pq.error, "filtered");
  EXPECT_EQ(pq.fingerprint, "fp");
  EXPECT_EQ(pq.request_hash, "ab");
  EXPECT_EQ(pq.date, "2026-01-31");
  EXPECT_EQ(pq.tokens_in, 12);
  EXPECT_EQ(pq.tokens_out, 0);
  EXPECT_EQ(pq.finish_reason, "stop");
  EXPECT_THAT(attempts(read), ElementsAre(0, 1, 3));
}

TEST(JudgeEvidence, HoldsTheLatestReplyAtAnAttempt) {
  const std::vector<StoredReply> replies = {reply("a", 1), reply("b", 3)};
  EXPECT_EQ(reply_at(replies, 0), nullptr);
  EXPECT_EQ(reply_at(replies, 1), &replies[0]);
  EXPECT_EQ(reply_at(replies, 2), &replies[0]);
  EXPECT_EQ(reply_at(replies, 4), &replies[1]);
  EXPECT_EQ(reply_at({}, 1), nullptr);
}

TEST(JudgeEvidence, WritesWhatIsNotUtf8AsReplaced) {
  const JudgeEvidence evidence = {{kSingleRole,
                                   {reply("a\xff"
                                          "b")}}};
  EXPECT_EQ(parse_judge_evidence(evidence_text(evidence), {kSingleRole}).at(kSingleRole)[0].reply.text,
            "a\ufffd"
            "b");
}

TEST(JudgeEvidence, RefusesOtherText) {
  const std::string whole = R"({"text": "a", "status": "answered", "attempt": 0})";
  EXPECT_NO_THROW(parse_judge_evidence(R"({"single": [)" + whole + "]}", {kSingleRole}));
  for (
      const std::string& text :
      {std::string(), std::string("[]"), std::string("{}"), std::string(R"({"single": null})"),
       std::string(R"({"single": {}})"), std::string(R"({"single": [{"text": "a"}]})"),
       std::string(
           R"({"single": [{"text": "a reply that no string holds within itself", "status": "answered",
                           "attempt": "0"}]})"),
       std::string(R"({"single": [{"text": "a", "status": "answered", "attempt": 0.5}]})"),
       std::string(R"({"single": [{"attempt": 1, "status": "answered"}]})"),
       std::string(R"({"single": [{"text": "a", "status": "answered", "attempt": -1}]})"),
       std::string(R"({"single": [{"text": "a", "status": "great", "attempt": 0}]})"),
       std::string(R"({"single": [{"text": "a", "status": "answered", "attempt": 0, "tokens_in": "many"}]})"),
       R"({"single": [)" + whole + ", " + whole + "]}", std::string(R"({"single": [], "SC": []})"),
       std::string(R"({"detections": []})")})
    EXPECT_THROW(parse_judge_evidence(text, {kSingleRole}), Error) << text;
  const std::string deep = R"({"single": )" + std::string(500'000, '[') + std::string(500'000, ']') + "}";
  EXPECT_THROW(parse_judge_evidence(deep, {kSingleRole}), Error);
}

TEST(JudgeEvidence, AnAttemptThatIsNotToldIsTheFirst) {
  const auto read = parse_judge_evidence(
      R"({"single": [{"text": "a reply that no string holds within itself", "status": "answered"}]})",
      {kSingleRole});
  EXPECT_EQ(read.at(kSingleRole)[0].attempt, 0);
  EXPECT_EQ(read.at(kSingleRole)[0].reply.text, "a reply that no string holds within itself");
}

TEST(WithoutScore, TellsRefusedFromUnparsable) {
  const auto status = [](const JudgeReply& reply) {
    const ItemScore score = without_score(reply, reply.text, "no score");
    EXPECT_EQ(score.value, 0);
    EXPECT_THAT(score.reason, ::testing::StartsWith("no score"));
    return score.status;
  };
  for (const char* text : {"", " \n", "I cannot help with that.", "I'm sorry, but I can't assist.", "\u7406"})
    EXPECT_EQ(status({.text = text, .finish_reason = "stop"}), ScoreStatus::refused) << text;
  for (const char* text : {"11", "{}", R"({"score": "high"})", "Score: \u0665"})
    EXPECT_EQ(status({.text = text}), ScoreStatus::unparsable) << text;
  EXPECT_EQ(status({.text = "", .finish_reason = "length"}), ScoreStatus::unparsable);
  EXPECT_EQ(status({.text = "Consist", .finish_reason = "length"}), ScoreStatus::unparsable);
  EXPECT_EQ(status({.text = "Score: 7", .finish_reason = "content_filter"}), ScoreStatus::refused);
  EXPECT_EQ(without_score({.finish_reason = "length"}, "", "no score").reason,
            "no score (finish_reason length)");
}

TEST(WithoutAnswer, TellsRefusedFromFailed) {
  EXPECT_EQ(without_answer({.text = ""}), std::nullopt);
  const auto refused = without_answer({.status = ReplyStatus::refused, .text = "5", .error = "filtered"});
  EXPECT_EQ(refused->status, ScoreStatus::refused);
  EXPECT_EQ(refused->reason, "filtered");
  EXPECT_EQ(without_answer({.status = ReplyStatus::failed})->status, ScoreStatus::failed);
}

TEST(Ask, AsksAllAgainUntilTheyCanBeScored) {
  testing::ScriptedJudge judge({{.text = "a"}, {.text = "b"}, {.text = "c"}, {.text = "d"}});
  const JudgeEvidence evidence =
      ask(judge, {{"SC", {.system = "first"}}, {"PQ", {.system = "second"}}}, 3,
          [](const JudgeEvidence& now) { return now.at("PQ").back().reply.text == "d"; });
  ASSERT_EQ(judge.requests.size(), 4U);
  EXPECT_EQ(judge.requests[2].system, "first");
  EXPECT_EQ(judge.requests[2].attempt, 1);
  EXPECT_EQ(evidence.at("SC")[1].reply.text, "c");
  EXPECT_EQ(evidence.at("SC")[1].attempt, 1);
}

TEST(Ask, EndsAfterItsRoundsAndWhereTheJudgeFailed) {
  const auto never = [](const JudgeEvidence&) { return false; };
  testing::ScriptedJudge babbling({{.text = "a"}});
  EXPECT_EQ(ask(babbling, {{kSingleRole, {}}}, 3, never).at(kSingleRole).size(), 3U);
  testing::ScriptedJudge gone({{.status = ReplyStatus::failed}});
  EXPECT_EQ(ask(gone, {{kSingleRole, {}}}, 3, never).at(kSingleRole).size(), 1U);
}

}  // namespace
}  // namespace umm::evaluators
