#include "imgedit/evidence.h"

#include <gmock/gmock.h>

#include "umm/error.h"

namespace umm::imgedit {
namespace {

using ::testing::HasSubstr;

JudgeCall call(std::optional<std::string> reply, std::string finish_reason = "stop") {
  JudgeCall made;
  made.reply = std::move(reply);
  made.model = "judge-1";
  made.finish_reason = std::move(finish_reason);
  made.http_status = 200;
  return made;
}

TEST(Evidence, SurvivesItsText) {
  JudgeCall whole = call("Brief: \"ok\"\nA: 5\n");
  whole.attempt = 3;
  whole.tokens_in = 2100;
  whole.tokens_out = 0;
  whole.latency_ms = 900;
  whole.fingerprint = "fp_1";
  whole.request_sha256 = "ab";
  const JudgeCall read = parse_evidence(evidence_text(whole));
  EXPECT_EQ(read.reply, whole.reply);
  EXPECT_EQ(read.attempt, 3);
  EXPECT_EQ(read.tokens_out, 0);
  EXPECT_EQ(read.fingerprint, "fp_1");
  EXPECT_EQ(evidence_text(read), evidence_text(whole));

  JudgeCall none = call({});
  none.problem = "no edited picture";
  EXPECT_EQ(parse_evidence(evidence_text(none)).reply, std::nullopt);
  EXPECT_EQ(parse_evidence(evidence_text(none)).problem, "no edited picture");
  EXPECT_EQ(parse_evidence(evidence_text(call("A: 5\xFF"))).reply, "A: 5\uFFFD");
}

TEST(Evidence, RefusesOtherText) {
  for (const char* text : {"", "[]", "{}", R"({"reply": 3})", "\xFF"})
    EXPECT_THROW(parse_evidence(text), Error) << text;
}

TEST(Score, TellsTheWaysToFailApart) {
  const Rule strict{.parser = Parser::strict3};
  EXPECT_EQ(score(call("A: 5\nB: 4\nC: 3"), strict).value, 4);
  EXPECT_EQ(score(call("A: 5\nB: 4\nC: 3"), strict).status, Status::ok);
  EXPECT_EQ(score(call("I cannot."), strict).status, Status::unparsable);
  EXPECT_THAT(score(call("I cannot."), strict).problem, HasSubstr("found 0"));
  EXPECT_EQ(score(call("", "content_filter"), strict).status, Status::refused);
  EXPECT_EQ(score(call(" \n"), strict).status, Status::refused);
  EXPECT_EQ(score(call({}), strict).status, Status::missing);
  // A reply that was cut short may still hold numbers for the reference, which takes any.
  EXPECT_EQ(score(call("A: 5\nB: 4", "length"), {}).value, 4.5);
  EXPECT_EQ(score(call("A: 5\nB: 4", "length"), strict).status, Status::unparsable);
}

}  // namespace
}  // namespace umm::imgedit
