#include "judge/reply.h"

#include <gmock/gmock.h>

#include "umm/error.h"

namespace umm::judge {
namespace {

using ::testing::ElementsAre;

TEST(Evidence, SurvivesItsText) {
  Evidence evidence;
  evidence["SC"] = {{.text = "first \"reply\"\n", .attempt = 1},
                    {.text = "", .attempt = 3, .error = "status 500", .http_status = 500}};
  evidence["PQ"] = {{.text = "\u7406",
                     .attempt = 2,
                     .model = "judge-1",
                     .finish_reason = "stop",
                     .fingerprint = "fp",
                     .request_sha256 = "ab",
                     .tokens_in = 12,
                     .tokens_out = 0,
                     .http_status = 200,
                     .latency_ms = 0.1}};
  const std::string text = evidence_text(evidence);
  const Evidence read = parse_evidence(text, {"SC", "PQ"});
  EXPECT_EQ(evidence_text(read), text);
  EXPECT_EQ(read.at("SC")[0].text, "first \"reply\"\n");
  EXPECT_EQ(read.at("SC")[0].tokens_in, std::nullopt);
  EXPECT_EQ(read.at("SC")[1].error, "status 500");
  EXPECT_EQ(read.at("SC")[1].http_status, 500);
  EXPECT_EQ(read.at("PQ")[0].tokens_out, 0);
  EXPECT_EQ(read.at("PQ")[0].latency_ms, 0.1);
  EXPECT_EQ(read.at("PQ")[0].finish_reason, "stop");
  EXPECT_THAT(attempts(read), ElementsAre(1, 2, 3));
}

TEST(Evidence, HoldsTheLatestReplyAtAnAttempt) {
  const std::vector<Reply> replies = {{.text = "a", .attempt = 1}, {.text = "b", .attempt = 3}};
  EXPECT_EQ(reply_at(replies, 0), nullptr);
  EXPECT_EQ(reply_at(replies, 1), &replies[0]);
  EXPECT_EQ(reply_at(replies, 2), &replies[0]);
  EXPECT_EQ(reply_at(replies, 4), &replies[1]);
  EXPECT_EQ(reply_at({}, 1), nullptr);
}

TEST(Evidence, WritesWhatIsNotUtf8AsReplaced) {
  const Evidence evidence = {{"single",
                              {{.text = "a\xff"
                                        "b"}}}};
  EXPECT_EQ(parse_evidence(evidence_text(evidence), {"single"}).at("single")[0].text,
            "a\ufffd"
            "b");
}

TEST(Evidence, RefusesOtherText) {
  for (const char* text :
       {"", "[]", "{}", R"({"single": null})", R"({"single": {}})", R"({"single": [{"text": "a"}]})",
        R"({"single": [{"attempt": 1}]})", R"({"single": [{"text": "a", "attempt": 0}]})",
        R"({"single": [{"text": "a", "attempt": 2}, {"text": "a", "attempt": 2}]})",
        R"({"single": [{"text": "a", "attempt": 1, "tokens_in": "many"}]})", R"({"single": [], "SC": []})",
        R"({"detections": []})"})
    EXPECT_THROW(parse_evidence(text, {"single"}), Error) << text;
  const std::string deep = R"({"single": )" + std::string(500'000, '[') + std::string(500'000, ']') + "}";
  EXPECT_THROW(parse_evidence(deep, {"single"}), Error);
}

TEST(Status, HasNames) {
  EXPECT_EQ(status_name(Status::ok), "ok");
  EXPECT_EQ(status_name(Status::unparsable), "unparsable");
  EXPECT_EQ(status_name(Status::refused), "refused");
  EXPECT_EQ(status_name(Status::error), "error");
}

}  // namespace
}  // namespace umm::judge
