#include "imgedit/rules.h"

#include <gmock/gmock.h>

#include "imgedit/items.h"
#include "rounding.h"
#include "umm/error.h"

namespace umm::imgedit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Rule kReference;
const Rule kStrict{.parser = Parser::strict3};

// Expected values: the published parser on the same replies.
TEST(ScoreReply, Reference) {
  const std::vector<std::pair<const char*, double>> cases = {
      {"Brief reasoning: ok.\nPrompt Compliance: 5\nVisual Naturalness: 4\nPhysical & Detail Integrity: 4",
       4.33},
      {"A: 5\nB: 4/5\nC: 3", 4.0},
      {"A: 5.\nB: 4", 4.0},
      {"- A: 5\n- B:4", 5.0},
      {"Brief reasoning: 3\nA: 5\nB: 5\nC: 5", 4.5},
      {"A: 7\nB: 0\nC: 10", 5.67}};
  for (const auto& [reply, score] : cases) EXPECT_EQ(score_reply(reply, kReference).value, score) << reply;
  EXPECT_EQ(score_reply("**A:** 5\n**B:** 4", kReference).value, std::nullopt);
}

TEST(ScoreReply, StrictMeanMinAndCap) {
  const char* const reply = "**A:** 3\n**B:** 5\n**C:** 2";
  EXPECT_EQ(score_reply(reply, kStrict).value, 3.33);
  EXPECT_EQ(score_reply(reply, {.parser = Parser::strict3, .combine = Combine::min}).value, 2);
  const Rule cap{.parser = Parser::strict3, .enforces_cap = true};
  EXPECT_EQ(score_reply(reply, cap).value, 2.67);
  EXPECT_THAT(score_reply(reply, cap).numbers, ElementsAre(3, 3, 2));
  EXPECT_THAT(score_reply("A: 6\nB: 1\nC: 1", kStrict).problem, HasSubstr("from 1 to 5"));
}

TEST(Rule, CapNeedsStrict) {
  EXPECT_NO_THROW(expect_possible({.parser = Parser::strict3, .enforces_cap = true}));
  EXPECT_NO_THROW(expect_possible(kReference));
  EXPECT_THROW(expect_possible({.enforces_cap = true}), InputError);
}

// The paper prints the mean of types, BAGEL's and RecA's code the mean of edits.
TEST(Summarize, MacroAndMicroOfAPublishedRow) {
  const std::array<double, 9> bagel = {3.56, 3.31, 1.70, 3.30, 2.62, 3.24, 4.49, 2.38, 4.17};  // as kTypes
  std::vector<ScoredEdit> edits;
  for (size_t type = 0; type < kTypes.size(); ++type) {
    for (int64_t i = 0; i < kPublishedCounts[type]; ++i) edits.push_back({kTypes[type], bagel[type]});
  }
  const Summary summary = summarize(edits);
  EXPECT_TRUE(summary.has_all_types);
  EXPECT_EQ(summary.num_scored, 737);
  EXPECT_EQ(summary.types.at("style").value, 4.49);
  EXPECT_EQ(evaluators::round_to_hundredths(summary.macro9), 3.20);
  EXPECT_EQ(summary.micro, 3.17);
}

TEST(Summarize, TypeMeansAreRoundedBeforeTheirMean) {
  // add: 4.33 and 4.34, a mean of 4.335, which is stored below; style: 1.
  const std::vector<ScoredEdit> edits = {{"add", 4.33}, {"add", 4.34}, {"style", 1.0}};
  const Summary summary = summarize(edits);
  EXPECT_EQ(summary.types.at("add").value, evaluators::round_to_hundredths((4.33 + 4.34) / 2));
  EXPECT_DOUBLE_EQ(summary.macro9, (summary.types.at("add").value + 1) / 2);
  EXPECT_FALSE(summary.has_all_types);
}

TEST(Summarize, FailuresAreCountedAndInNoMean) {
  const std::vector<ScoredEdit> edits = {{"add", 4.0}, {"add", {}}, {"style", {}}};
  const Summary summary = summarize(edits);
  EXPECT_EQ(summary.types.at("add").value, 4);
  EXPECT_EQ(summary.types.at("add").num_failed, 1);
  EXPECT_FALSE(summary.types.contains("style"));
  EXPECT_EQ(summary.num_failed, 2);
  EXPECT_EQ(summary.num_scored, 1);
  EXPECT_EQ(summary.micro, 4);
}

TEST(Summarize, UgeIsTheMeanOfEdits) {
  const std::vector<ScoredEdit> edits = {{"", 4.0}, {"", 3.0}, {"", 3.0}};
  const Summary summary = summarize(edits);
  EXPECT_EQ(summary.micro, 3.33);
  EXPECT_TRUE(summary.types.empty());
  EXPECT_EQ(summarize({}).num_scored, 0);
}

}  // namespace
}  // namespace umm::imgedit
