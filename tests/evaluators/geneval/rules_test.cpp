#include "../../../evaluators/geneval/rules.h"

#include <gmock/gmock.h>

#include "umm/error.h"

namespace umm::geneval {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr size_t kRed = 0, kGreen = 3, kBlue = 4;

Evidence seen(const std::string& label, float score, Box box = {0, 0, 10, 10}) {
  return {.label = label, .score = score, .box = box, .color_scores = {}};
}

Evidence colored(const std::string& label, size_t color, float score = 0.95F) {
  Evidence object = seen(label, score);
  object.color_scores.assign(kColors.size(), 0.0);
  object.color_scores[color] = 1;
  return object;
}

Clause clause(const std::string& label, size_t count = 1) {
  return {.label = label, .count = count, .color = {}, .position = {}};
}

Clause color_clause(const std::string& label, size_t color, size_t count = 1) {
  return {.label = label, .count = count, .color = color, .position = {}};
}

Clause position_clause(const std::string& label, Relation relation, size_t target) {
  return {.label = label, .count = 1, .color = {}, .position = Position{relation, target}};
}

Record record(std::string tag, std::vector<Clause> include, std::vector<Clause> exclude = {}) {
  return {.tag = std::move(tag),
          .prompt = "a photo",
          .include = std::move(include),
          .exclude = std::move(exclude)};
}

TEST(Relations, GoldenVectorsOfTheReference) {
  const auto of = [](Box a, Box b) { return relations(a, b, 0.1F); };
  const auto left = Relation::left_of, right = Relation::right_of, above = Relation::above;
  EXPECT_THAT(of({0, 0, 10, 10}, {30, 0, 40, 10}), ElementsAre(left));
  EXPECT_THAT(of({30, 0, 40, 10}, {0, 0, 10, 10}), ElementsAre(right));
  EXPECT_THAT(of({0, 0, 10, 10}, {0, 30, 10, 40}), ElementsAre(above));
  EXPECT_THAT(of({0, 0, 10, 10}, {20, 20, 30, 30}), ElementsAre(left, above));
  EXPECT_THAT(of({0, 0, 100, 100}, {25, 0, 125, 100}), IsEmpty());
  EXPECT_THAT(of({0, 0, 200, 200}, {300, 150, 320, 170}), ElementsAre(left));
  EXPECT_THAT(of({0, 0, 40, 40}, {41, 0, 81, 40}), ElementsAre(left));
  EXPECT_THAT(of({0, 0, 50, 50}, {30, 40, 80, 90}), ElementsAre(above));
  EXPECT_THAT(of({10, 10, 20, 20}, {10, 10, 20, 20}), IsEmpty());
}

TEST(Relations, AreOppositeWhenTheBoxesSwap) {
  const Box a{0, 0, 10, 10}, b{20, 20, 30, 30};
  EXPECT_THAT(relations(b, a, 0.1F), ElementsAre(Relation::right_of, Relation::below));
}

TEST(Relations, NeedALargerOffsetUnderALargerThreshold) {
  const Box a{0, 0, 40, 40}, b{41, 0, 81, 40};
  EXPECT_THAT(relations(a, b, 0.5F), ElementsAre());
  EXPECT_THAT(relations(a, b, 0.0F), ElementsAre(Relation::left_of));
}

TEST(Overlap, CountsBothCornerPixels) {
  EXPECT_FLOAT_EQ(overlap({0, 0, 9, 9}, {0, 0, 9, 9}), 1);
  EXPECT_FLOAT_EQ(overlap({0, 0, 9, 9}, {10, 0, 19, 9}), 0);
  EXPECT_FLOAT_EQ(overlap({0, 0, 9, 9}, {9, 0, 18, 9}), 10.0F / 190);
  EXPECT_FLOAT_EQ(overlap({0, 0, 9, 9}, {5, 0, 14, 9}), 50.0F / 150);
}

TEST(Kept, IsStrictlyAboveTheThresholdAndSorted) {
  const std::vector<Evidence> evidence = {seen("dog", 0.3F), seen("dog", 0.31F), seen("cat", 0.9F),
                                          seen("dog", 0.8F)};
  const auto objects = kept(evidence, "dog", 0.3F, {});
  EXPECT_THAT(objects, ElementsAre(&evidence[3], &evidence[1]));
}

TEST(Kept, StopsAtTheLargestNumberOfObjects) {
  const std::vector<Evidence> evidence(20, seen("dog", 0.8F));
  EXPECT_EQ(kept(evidence, "dog", 0.3F, {}).size(), 16U);
  EXPECT_EQ(kept(evidence, "dog", 0.3F, {.max_objects = 3}).size(), 3U);
}

TEST(Kept, DropsLesserOverlappingBoxesOnlyWhenAsked) {
  const std::vector<Evidence> evidence = {seen("dog", 0.5F, {0, 0, 9, 9}), seen("dog", 0.9F, {0, 0, 9, 9}),
                                          seen("dog", 0.7F, {5, 0, 14, 9})};
  EXPECT_EQ(kept(evidence, "dog", 0.3F, {.max_overlap = 1}).size(), 3U);
  EXPECT_THAT(kept(evidence, "dog", 0.3F, {.max_overlap = 0.5F}), ElementsAre(&evidence[1], &evidence[2]));
  // A box is kept only where its overlap is strictly smaller.
  EXPECT_THAT(kept(evidence, "dog", 0.3F, {.max_overlap = 50.0F / 150}), ElementsAre(&evidence[1]));
}

TEST(Kept, CutsToTheBestBeforeItDropsOverlaps) {
  const std::vector<Evidence> evidence = {seen("dog", 0.9F, {0, 0, 9, 9}), seen("dog", 0.8F, {0, 0, 9, 9}),
                                          seen("dog", 0.7F, {50, 50, 60, 60})};
  EXPECT_EQ(kept(evidence, "dog", 0.3F, {.max_objects = 2, .max_overlap = 0.5F}).size(), 1U);
}

TEST(Judge, ObjectsMustBeThereOftenEnough) {
  const Record two = record("two_object", {clause("dog"), clause("cat")});
  EXPECT_TRUE(judge(two, {seen("dog", 0.4F), seen("cat", 0.4F)}, {}).correct);
  const Verdict missing = judge(two, {seen("dog", 0.4F), seen("cat", 0.3F)}, {});
  EXPECT_FALSE(missing.correct);
  EXPECT_THAT(missing.reasons, ElementsAre("wanted at least 1 cat, saw 0"));
}

TEST(Judge, CountingIsExactAndStricter) {
  const Record three = record("counting", {clause("dog", 3)}, {clause("dog", 4)});
  const auto dogs = [](size_t count, float score) {
    return std::vector<Evidence>(count, seen("dog", score));
  };
  EXPECT_FALSE(judge(three, dogs(2, 0.95F), {}).correct);
  EXPECT_TRUE(judge(three, dogs(3, 0.95F), {}).correct);
  EXPECT_FALSE(judge(three, dogs(4, 0.95F), {}).correct);
  EXPECT_FALSE(judge(three, dogs(3, 0.9F), {}).correct) << "0.9 itself does not count";

  std::vector<Evidence> one_faint = dogs(3, 0.95F);
  one_faint.push_back(seen("dog", 0.89F));
  EXPECT_TRUE(judge(three, one_faint, {}).correct) << "excluded objects need the same score";
  const Record untagged = record("other", three.include, three.exclude);
  EXPECT_THAT(judge(untagged, one_faint, {}).reasons, ElementsAre("wanted fewer than 4 dog, saw 4"));
}

TEST(Judge, ExcludedObjectsAreCountedAfterTheCut) {
  const std::vector<Evidence> many(17, seen("dog", 0.95F));
  EXPECT_TRUE(judge(record("counting", {clause("dog", 16)}, {clause("dog", 17)}), many, {}).correct);
}

TEST(Judge, ColorIsTheLargestScoreOfTheBestObjects) {
  const Record blue = record("colors", {color_clause("dog", kBlue)});
  EXPECT_TRUE(judge(blue, {colored("dog", kBlue)}, {}).correct);
  EXPECT_THAT(judge(blue, {colored("dog", kRed)}, {}).reasons, ElementsAre("wanted 1 blue dog, saw red"));
  // Only as many as asked are looked at, best first.
  EXPECT_FALSE(judge(blue, {colored("dog", kBlue, 0.8F), colored("dog", kGreen, 0.9F)}, {}).correct);
  const Record two = record("colors", {color_clause("dog", kBlue, 2)});
  EXPECT_FALSE(judge(two, {colored("dog", kBlue), colored("dog", kGreen)}, {}).correct);
  EXPECT_TRUE(judge(two, {colored("dog", kBlue), colored("dog", kBlue)}, {}).correct);
}

TEST(Judge, FirstColorWinsATie) {
  Evidence object = colored("dog", kRed);
  object.color_scores[kBlue] = 1;
  EXPECT_TRUE(judge(record("colors", {color_clause("dog", kRed)}), {object}, {}).correct);
  EXPECT_FALSE(judge(record("colors", {color_clause("dog", kBlue)}), {object}, {}).correct);
}

TEST(Judge, RefusesEvidenceWithoutTheColorsItNeeds) {
  EXPECT_THROW(judge(record("colors", {color_clause("dog", kRed)}), {seen("dog", 0.9F)}, {}), Error);
}

TEST(Judge, PositionIsCheckedOverEveryPair) {
  const Record left = record("position", {clause("cat"), position_clause("dog", Relation::left_of, 0)});
  const Evidence cat = seen("cat", 0.9F, {30, 0, 40, 10});
  EXPECT_TRUE(judge(left, {cat, seen("dog", 0.9F, {0, 0, 10, 10})}, {}).correct);
  EXPECT_THAT(judge(left, {cat, seen("dog", 0.9F, {60, 0, 70, 10})}, {}).reasons,
              ElementsAre("wanted dog left of cat, saw it right of"));

  Record two_dogs = left;
  two_dogs.include[1].count = 2;
  const Evidence far = seen("dog", 0.8F, {0, 0, 10, 10});
  EXPECT_TRUE(judge(two_dogs, {cat, far, seen("dog", 0.9F, {2, 0, 12, 10})}, {}).correct);
  EXPECT_FALSE(judge(two_dogs, {cat, far, seen("dog", 0.9F, {60, 0, 70, 10})}, {}).correct);
}

TEST(Judge, PositionNeedsATargetThatPassed) {
  Record record_ =
      record("position", {color_clause("cat", kRed), position_clause("dog", Relation::left_of, 0)});
  Evidence cat = colored("cat", kBlue);
  cat.box = {30, 0, 40, 10};
  const Verdict verdict = judge(record_, {cat, seen("dog", 0.9F, {0, 0, 10, 10})}, {});
  ASSERT_EQ(verdict.reasons.size(), 2U);
  EXPECT_THAT(verdict.reasons[0], HasSubstr("wanted 1 red cat"));
  EXPECT_THAT(verdict.reasons[1], HasSubstr("the cat did not pass"));
}

TEST(Judge, AWrongColorStopsTheClauseBeforeItsPosition) {
  Record both = record("mixed", {clause("cat"), position_clause("dog", Relation::left_of, 0)});
  both.include[1].color = kRed;
  const Verdict verdict = judge(both, {seen("cat", 0.9F), colored("dog", kBlue)}, {});
  EXPECT_THAT(verdict.reasons, ElementsAre("wanted 1 red dog, saw blue"));
}

TEST(Judge, EveryFailedClauseGivesAReason) {
  const Record three = record("two_object", {clause("dog"), clause("cat"), clause("cow")}, {clause("pig")});
  EXPECT_EQ(judge(three, {seen("cow", 0.9F), seen("pig", 0.9F)}, {}).reasons.size(), 3U);
}

}  // namespace
}  // namespace umm::geneval
