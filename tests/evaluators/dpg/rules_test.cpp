#include "dpg/rules.h"

#include <gmock/gmock.h>

#include "small_table.h"
#include "umm/error.h"

namespace umm::dpg {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

const std::vector<Item>& items() {
  static const std::vector<Item> all = read_csv(kSmallTable, "q.csv", Variant::fixed);
  return all;
}

TEST(IsYes, OnlyTheVeryWord) {
  EXPECT_TRUE(is_yes("yes"));
  for (const char* other : {"Yes", "yes.", " yes", "yes ", "no", ""}) EXPECT_FALSE(is_yes(other)) << other;
}

TEST(CropScore, AQuestionCountsOnlyBelowParentsThatDo) {
  const Item& chain = items()[1];
  EXPECT_DOUBLE_EQ(crop_score(chain, {true, true, true}, Variant::fixed).value(), 1);
  EXPECT_DOUBLE_EQ(crop_score(chain, {true, true, false}, Variant::fixed).value(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(crop_score(chain, {false, true, true}, Variant::fixed).value(), 0)
      << "runs down the chain";
  EXPECT_DOUBLE_EQ(crop_score(chain, {true, false, true}, Variant::fixed).value(), 1.0 / 3);
  const Item& above = items()[2];
  EXPECT_DOUBLE_EQ(crop_score(above, {true, true, false}, Variant::fixed).value(), 1.0 / 3)
      << "one parent is enough";
  EXPECT_THROW(crop_score(above, {true}, Variant::fixed), Error);
}

TEST(CropScore, FollowsTheFilesOrder) {
  // 1 depends on 2, 2 on 3: when 1 is looked at, 2 still counts.
  const auto table = kColumns + "a,A,,1,2,,,e,X?\na,A,,2,3,,,e,X?\na,A,,3,0,,,e,X?\n";
  const Item item = read_csv(table, "q.csv", Variant::fixed)[0];
  EXPECT_DOUBLE_EQ(crop_score(item, {true, true, false}, Variant::fixed).value(), 1.0 / 3);
}

TEST(CropScore, ReferenceLosesTheFirstRow) {
  const Item& car = items()[0];
  EXPECT_EQ(crop_score(car, {true, true}, Variant::reference), std::nullopt)
      << "its child looks for it in vain";
  EXPECT_DOUBLE_EQ(crop_score(car, {true, true}, Variant::fixed).value(), 1);
  const auto table = kColumns + "a,A,,1,0,,,e,X?\na,A,,2,0,,,e,X?\n";
  const Item item = read_csv(table, "q.csv", Variant::fixed)[0];
  EXPECT_DOUBLE_EQ(crop_score(item, {false, true}, Variant::reference).value(), 1);
  const Item single = read_csv(kColumns + "a,A,,1,0,,,e,X?\n", "q.csv", Variant::fixed)[0];
  EXPECT_EQ(crop_score(single, {true}, Variant::reference), std::nullopt) << "no question is left";
}

TEST(CropScore, ReferenceFailsOnlyWhereItGetsToTheLostRow) {
  // The parents of 3 are tried in turn; a no in front of the lost row ends the search.
  const auto table = kColumns + "a,A,,1,0,,,e,X?\na,A,,2,0,,,e,X?\na,A,,3,\"2,1\",,,e,X?\n";
  const Item item = read_csv(table, "q.csv", Variant::fixed)[0];
  EXPECT_DOUBLE_EQ(crop_score(item, {true, false, true}, Variant::reference).value(), 0);
  EXPECT_EQ(crop_score(item, {true, true, true}, Variant::reference), std::nullopt);
}

TEST(Summarize, FixedCountsEveryCropAndEveryFailure) {
  const std::vector<Picture> pictures = {{&items()[0], {{true, true}, {false, true}}},  // 1, 0
                                         {&items()[4], {{true, false}, {true, true}}},  // 0.5, 1
                                         {&items()[3], {}}};                            // failed
  const Summary summary = summarize(pictures, Variant::fixed, 2);
  EXPECT_DOUBLE_EQ(summary.overall.value(), (0.5 + 0.75 + 0) / 3);
  EXPECT_DOUBLE_EQ(summary.scored.value(), (0.5 + 0.75) / 2);
  EXPECT_EQ(summary.num_failed, 1);
  // Answers as they are: the car's colour counts though there is no car.
  EXPECT_DOUBLE_EQ(summary.categories.at("attribute - color").value(), 1);
  EXPECT_DOUBLE_EQ(summary.categories.at("entity - whole").value(), 0.5);
  EXPECT_DOUBLE_EQ(summary.categories.at("global -").value(), 0);
  EXPECT_EQ(summary.categories.at("global -").count, 2);
  EXPECT_DOUBLE_EQ(summary.broad.at("other").value(), 0.75);
  EXPECT_EQ(summary.broad.size(), 4U);
}

TEST(Summarize, ReferenceDropsFailuresAndReadsTheLastCrop) {
  const std::vector<Picture> pictures = {
      {&items()[0], {{true, true}, {true, true}}},  // the lost row: dropped
      {&items()[4], {{true, false}, {true, true}}},
      {&items()[3], {}}};
  const Summary summary = summarize(pictures, Variant::reference, 2);
  EXPECT_DOUBLE_EQ(summary.overall.value(), 0.75);
  EXPECT_EQ(summary.overall.count, 1);
  EXPECT_EQ(summary.num_failed, 2);
  ASSERT_EQ(summary.broad.size(), 1U);
  EXPECT_EQ(summary.broad.at("other").count, 2);
  EXPECT_DOUBLE_EQ(summary.broad.at("other").value(), 1);
}

TEST(Summarize, SamplesOnTheirOwnGiveTheMeanOfTheGrid) {
  const YesAnswers a = {true, true, false}, b = {false, true, true};
  const std::vector<Picture> grid = {{&items()[1], {a, b}}};
  const std::vector<Picture> single = {{&items()[1], {a}}, {&items()[1], {b}}};
  EXPECT_DOUBLE_EQ(summarize(grid, Variant::fixed, 2).overall.value(),
                   summarize(single, Variant::fixed, 1).overall.value());
}

TEST(Summarize, OfNothingIsNothing) {
  const Summary summary = summarize({}, Variant::fixed, 4);
  EXPECT_EQ(summary.overall.count, 0);
  EXPECT_THAT(summary.broad, IsEmpty());
}

}  // namespace
}  // namespace umm::dpg
