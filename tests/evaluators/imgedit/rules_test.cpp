#include "imgedit/rules.h"

#include <gmock/gmock.h>

#include <deque>

#include "imgedit/items.h"
#include "rounding.h"
#include "umm/error.h"

namespace umm::imgedit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

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

using evaluators::kSingleRole;

ItemScore scored(const JudgeReply& reply, const Rule& rule, const std::string& type = "add") {
  return score({{kSingleRole, {{.reply = reply}}}}, rule, type);
}

TEST(Score, TellsTheWaysToFailApart) {
  EXPECT_EQ(scored({.text = "A: 5\nB: 4\nC: 3"}, kStrict).value, 4);
  EXPECT_THAT(scored({.text = "A: 5\nB: 4\nC: 3"}, kStrict).components,
              ElementsAre(Pair("Prompt Compliance", 5), Pair("Visual Naturalness", 4),
                          Pair("Physical & Detail Coherence", 3)));
  const ItemScore refusal = scored({.text = "I cannot."}, kStrict);
  EXPECT_EQ(refusal.status, ScoreStatus::refused);
  EXPECT_THAT(refusal.reason, HasSubstr("found 0"));
  EXPECT_EQ(scored({.text = "", .finish_reason = "content_filter"}, kStrict).status, ScoreStatus::refused);
  EXPECT_EQ(scored({.text = " \n"}, kStrict).status, ScoreStatus::refused);
  EXPECT_EQ(scored({.text = "A: 5 and B: 4"}, kStrict).status, ScoreStatus::unparsable);
  EXPECT_EQ(scored({.text = "", .finish_reason = "length"}, kStrict).status, ScoreStatus::unparsable);
  EXPECT_EQ(scored({.status = ReplyStatus::refused, .text = "A: 5"}, kReference).status,
            ScoreStatus::refused);
  EXPECT_EQ(scored({.status = ReplyStatus::failed, .text = "A: 5"}, kReference).status, ScoreStatus::failed);
  EXPECT_EQ(score({}, kReference, "add").status, ScoreStatus::failed);
  // A reply that was cut short may still hold numbers for the reference, which takes any.
  const JudgeReply cut{.text = "A: 5\nB: 4", .finish_reason = "length"};
  EXPECT_EQ(scored(cut, kReference).value, 4.5);
  EXPECT_EQ(scored(cut, kStrict).status, ScoreStatus::unparsable);
}

// Edits of types, with scores.
class Edits {
 public:
  void add(const std::string& type, const ItemScore& score) {
    items_.push_back({.tag = type});
    images_.push_back({&items_.back(), 0, score, nullptr});
  }
  void add(const std::string& type, double value) { add(type, ItemScore{.value = value}); }
  std::vector<NamedScore> aggregate(Overall overall) const { return imgedit::aggregate(images_, overall); }
  NamedScore named(const std::string& name, Overall overall = Overall::macro9) const {
    for (const NamedScore& score : aggregate(overall))
      if (score.name == name) return score;
    ADD_FAILURE() << "no score " << name;
    return {};
  }

 private:
  std::deque<EvaluationItem> items_;
  std::vector<ScoredImage> images_;
};

// The paper prints the mean of types, BAGEL's and RecA's code the mean of edits.
TEST(Aggregate, MacroAndMicroOfAPublishedRow) {
  const std::array<double, 9> bagel = {3.56, 3.31, 1.70, 3.30, 2.62, 3.24, 4.49, 2.38, 4.17};  // as kTypes
  Edits edits;
  for (size_t type = 0; type < kTypes.size(); ++type) {
    for (int64_t i = 0; i < kPublishedCounts[type]; ++i) edits.add(kTypes[type], bagel[type]);
  }
  const auto scores = edits.aggregate(Overall::macro9);
  ASSERT_EQ(scores.size(), 10U);
  for (size_t type = 0; type < kTypes.size(); ++type) EXPECT_EQ(scores[type].name, kTypes[type]);
  EXPECT_EQ(scores[9].name, "overall");
  EXPECT_EQ(scores[9].num_images, 737);
  EXPECT_EQ(evaluators::round_to_hundredths(edits.named("style").value), 4.49);
  EXPECT_EQ(evaluators::round_to_hundredths(scores[9].value), 3.20);
  EXPECT_EQ(evaluators::round_to_hundredths(edits.named("overall", Overall::micro).value), 3.17);
}

// Tables and their tests compute means of edits again: what is stored must be just these.
TEST(Aggregate, MeansAreNotRounded) {
  Edits edits;
  for (const double value : {4.33, 4.34, 4.34}) edits.add("add", value);
  edits.add("style", 1.0);
  const double add = (4.33 + 4.34 + 4.34) / 3;
  EXPECT_DOUBLE_EQ(edits.named("add").value, add);
  EXPECT_DOUBLE_EQ(edits.named("overall").value, (add + 1) / 2);
  EXPECT_DOUBLE_EQ(edits.named("overall", Overall::micro).value, (3 * add + 1) / 4);
}

TEST(Aggregate, FailuresAreCountedAndInNoMean) {
  Edits edits;
  edits.add("add", 4.0);
  edits.add("add", evaluators::unscored(ScoreStatus::refused, "no"));
  edits.add("style", evaluators::unscored(ScoreStatus::missing, "no"));
  for (const Overall overall : {Overall::macro9, Overall::micro}) {
    ASSERT_EQ(edits.aggregate(overall).size(), 2U) << "style has no score";
    EXPECT_EQ(edits.named("add", overall).value, 4);
    EXPECT_EQ(edits.named("add", overall).num_unscored, 1);
    EXPECT_EQ(edits.named("overall", overall).value, 4);
    EXPECT_EQ(edits.named("overall", overall).num_images, 3);
    EXPECT_EQ(edits.named("overall", overall).num_unscored, 2);
  }
  Edits none;
  none.add("add", evaluators::unscored(ScoreStatus::missing, "no"));
  EXPECT_TRUE(none.aggregate(Overall::macro9).empty());
}

TEST(Aggregate, UgeIsTheMeanOfEdits) {
  Edits edits;
  for (const double value : {4.0, 3.0, 3.0}) edits.add("", value);
  EXPECT_EQ(edits.aggregate(Overall::macro9).size(), 1U);
  EXPECT_DOUBLE_EQ(edits.named("overall").value, 10.0 / 3);
}

}  // namespace
}  // namespace umm::imgedit
