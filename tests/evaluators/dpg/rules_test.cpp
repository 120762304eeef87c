#include "dpg/rules.h"

#include <gtest/gtest.h>

#include "small_table.h"
#include "umm/error.h"

namespace umm::dpg {
namespace {

const std::vector<Item>& items() {
  static const std::vector<Item> all = read_csv(kSmallTable, "q.csv", Variant::fixed);
  return all;
}

TEST(IsYes, OnlyTheVeryWord) {
  EXPECT_TRUE(is_yes("yes"));
  for (const char* other : {"Yes", "yes.", " yes", "yes ", "no", ""}) EXPECT_FALSE(is_yes(other)) << other;
}

TEST(PictureScore, AQuestionCountsOnlyBelowParentsThatDo) {
  const Item& chain = items()[1];
  EXPECT_DOUBLE_EQ(picture_score(chain, {true, true, true}, Variant::fixed).value(), 1);
  EXPECT_DOUBLE_EQ(picture_score(chain, {true, true, false}, Variant::fixed).value(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(picture_score(chain, {false, true, true}, Variant::fixed).value(), 0)
      << "runs down the chain";
  EXPECT_DOUBLE_EQ(picture_score(chain, {true, false, true}, Variant::fixed).value(), 1.0 / 3);
  const Item& above = items()[2];
  EXPECT_DOUBLE_EQ(picture_score(above, {true, true, false}, Variant::fixed).value(), 1.0 / 3)
      << "one parent is enough";
  EXPECT_THROW(picture_score(above, {true}, Variant::fixed), Error);
}

TEST(CountedAnswers, AreThoseThatMakeTheScore) {
  EXPECT_EQ(counted_answers(items()[1], {false, true, true}, Variant::fixed),
            (YesAnswers{false, false, false}));
  EXPECT_EQ(counted_answers(items()[0], {true, true}, Variant::reference), std::nullopt);
}

TEST(PictureScore, FollowsTheFilesOrder) {
  // 1 depends on 2, 2 on 3: when 1 is looked at, 2 still counts.
  const auto table = kColumns + "a,A,,1,2,,,e,X?\na,A,,2,3,,,e,X?\na,A,,3,0,,,e,X?\n";
  const Item item = read_csv(table, "q.csv", Variant::fixed)[0];
  EXPECT_DOUBLE_EQ(picture_score(item, {true, true, false}, Variant::fixed).value(), 1.0 / 3);
}

TEST(PictureScore, ReferenceLosesTheFirstRow) {
  const Item& car = items()[0];
  EXPECT_EQ(picture_score(car, {true, true}, Variant::reference), std::nullopt)
      << "its child looks for it in vain";
  EXPECT_DOUBLE_EQ(picture_score(car, {true, true}, Variant::fixed).value(), 1);
  const auto table = kColumns + "a,A,,1,0,,,e,X?\na,A,,2,0,,,e,X?\n";
  const Item item = read_csv(table, "q.csv", Variant::fixed)[0];
  EXPECT_DOUBLE_EQ(picture_score(item, {false, true}, Variant::reference).value(), 1);
  const Item single = read_csv(kColumns + "a,A,,1,0,,,e,X?\n", "q.csv", Variant::fixed)[0];
  EXPECT_EQ(picture_score(single, {true}, Variant::reference), std::nullopt) << "no question is left";
}

TEST(PictureScore, ReferenceFailsOnlyWhereItGetsToTheLostRow) {
  // The parents of 3 are tried in turn; a no in front of the lost row ends the search.
  const auto table = kColumns + "a,A,,1,0,,,e,X?\na,A,,2,0,,,e,X?\na,A,,3,\"2,1\",,,e,X?\n";
  const Item item = read_csv(table, "q.csv", Variant::fixed)[0];
  EXPECT_DOUBLE_EQ(picture_score(item, {true, false, true}, Variant::reference).value(), 0);
  EXPECT_EQ(picture_score(item, {true, true, true}, Variant::reference), std::nullopt);
}

}  // namespace
}  // namespace umm::dpg
