#include "score/evidence_file.h"

#include <gmock/gmock.h>

#include "tests/host/evaluate/fake_experiment.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class EvidenceFile : public ::testing::Test {
 protected:
  std::string problem(const std::string& text) const {
    try {
      read_evidence_file(text, "seen.jsonl", benchmark_);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no InputError";
  }

  Catalogue catalogue_ = fake_catalogue();
  Benchmark benchmark_ = make_benchmark_without_providers(fake_evaluation(catalogue_), catalogue_);
};

const std::string kFirst = R"({"item": "00000", "image": 2, "evidence": {"brightness": 200}})";

TEST_F(EvidenceFile, BlankLinesArePassedOver) {
  const std::string text =
      "\n \r\n" + kFirst + "\n\n" + R"({"item": "00002", "evidence": {"brightness": 1}})";
  EXPECT_TRUE(is_evidence_file(text));
  const auto rows = read_evidence_file(text, "seen.jsonl", benchmark_);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].item_id, "00000");
  EXPECT_EQ(rows[0].image_index, 2);
  EXPECT_EQ(rows[0].evidence_json, R"({"brightness":200})");
  EXPECT_EQ(rows[1].image_index, 0);
}

TEST_F(EvidenceFile, WhatIsNoneIsRefusedWithItsLine) {
  const std::string deep =
      R"({"item": "00000", "evidence": {"a": )" + std::string(200000, '[') + std::string(200000, ']') + "}}";
  EXPECT_THAT(problem(kFirst + "\n" + deep), HasSubstr("seen.jsonl:2: expected at most 64 levels"));
  EXPECT_FALSE(is_evidence_file(deep));
  for (const char* image : {"18446744073709551615", "3"})
    EXPECT_THAT(problem("\n{\"item\": \"00000\", \"image\": " + std::string(image) +
                        ", \"evidence\": {\"brightness\": 1}}"),
                HasSubstr("seen.jsonl:2: picture " + std::string(image) +
                          " of item \"00000\": the protocol has 3 of each"));
  for (const char* image : {"-1", "0.5", "\"0\"", "null", "1e30"})
    EXPECT_THAT(problem("{\"item\": \"00000\", \"image\": " + std::string(image) + ", \"evidence\": {}}"),
                HasSubstr("seen.jsonl:1: expected {\"item\": id"));
  EXPECT_THAT(problem("{\"item\": \"\x1b[1m\", \"evidence\": {}}"), HasSubstr("broken JSON"));
  EXPECT_THAT(problem("{\"item\": \"\\u001b[1m\", \"evidence\": {}}"),
              HasSubstr("the prompts have no item \"\\u001b[1m\""));
  EXPECT_THAT(problem(kFirst + "\n" + kFirst),
              HasSubstr("seen.jsonl:2: picture 2 of item \"00000\" is there"));
  EXPECT_THAT(problem("{}"), HasSubstr("a log that brings its own items goes without --prompts"));
  EXPECT_THAT(problem(kFirst + "\n{}"), Not(HasSubstr("a log that brings")));
  EXPECT_THAT(problem("\n"), HasSubstr("seen.jsonl: expected evidence"));
}

TEST_F(EvidenceFile, TheRulesSayWhatEvidenceIs) {
  const std::string text = problem(R"({"item": "00000", "evidence": {"brightness": "high"}})");
  EXPECT_THAT(text, HasSubstr("seen.jsonl:1: expected evidence as evaluator `brightness` writes it"));
  EXPECT_THAT(text, HasSubstr("found {\"brightness\":\"high\"}"));
  EXPECT_THAT(text, Not(HasSubstr("json.exception")));
}

}  // namespace
}  // namespace umm::testing
