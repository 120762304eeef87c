#include "dpg/summary.h"

#include <gmock/gmock.h>

#include <deque>

#include "dpg/evidence.h"
#include "dpg/rules.h"
#include "small_table.h"

namespace umm::dpg {
namespace {

using ::testing::ElementsAre;

// Pictures of the small table's prompts and what was answered about them.
class Pictures {
 public:
  explicit Pictures(Variant variant, const std::string& table = kSmallTable) : variant_(variant) {
    for (const Item& item : read_csv(table, "q.csv", variant)) {
      rows_.push_back({.id = item.id});
      items_.emplace(&rows_.back(), item);
    }
  }

  // The next picture of prompt `row`.
  Pictures& add(size_t row, const YesAnswers& yes) {
    const Item& item = items_.at(&rows_[row]);
    std::vector<Answer> answers;
    for (const bool is : yes) answers.push_back({.text = is ? "yes" : "no"});
    const auto value = picture_score(item, yes, variant_);
    const ItemScore score{.value = value.value_or(0),
                          .status = value ? ScoreStatus::scored : ScoreStatus::unparsable};
    images_.push_back(
        {&rows_[row], next_index(row), score, &evidence_.emplace_back(evidence_text(item, answers))});
    return *this;
  }

  Pictures& missing(size_t row) {
    images_.push_back({&rows_[row], next_index(row), {.status = ScoreStatus::missing}, nullptr});
    return *this;
  }

  std::vector<NamedScore> summary(Layout layout = Layout::grid) const {
    return summarize(images_, items_, variant_, layout);
  }

 private:
  int64_t next_index(size_t row) const {
    return std::count_if(images_.begin(), images_.end(),
                         [&](const ScoredImage& image) { return image.item == &rows_[row]; });
  }

  Variant variant_;
  std::deque<EvaluationItem> rows_;
  std::map<const EvaluationItem*, Item> items_;
  std::deque<std::string> evidence_;
  std::vector<ScoredImage> images_;
};

std::vector<std::string> names(const std::vector<NamedScore>& scores) {
  std::vector<std::string> found;
  for (const NamedScore& score : scores) found.push_back(score.name);
  return found;
}

NamedScore named(const std::vector<NamedScore>& scores, const std::string& name) {
  for (const NamedScore& score : scores)
    if (score.name == name) return score;
  ADD_FAILURE() << "no score " << name;
  return {};
}

TEST(Summary, FixedCountsEveryPictureAndNamesWhatIsMissing) {
  const auto scores = Pictures(Variant::fixed)
                          .add(0, {true, true})   // 1
                          .add(0, {false, true})  // 0
                          .add(4, {true, false})  // 0.5
                          .add(4, {true, true})   // 1
                          .missing(3)
                          .summary();
  EXPECT_THAT(names(scores), ElementsAre("entity", "attribute", "other", "category: attribute - color",
                                         "category: entity - whole", "category: other - count",
                                         "category: other - text rendering", "overall"))
      << "what no picture speaks for is left out";
  const NamedScore overall = named(scores, "overall");
  EXPECT_DOUBLE_EQ(overall.value, (1 + 0 + 0.5 + 1) / 4);
  EXPECT_EQ(overall.num_images, 5);
  EXPECT_EQ(overall.num_unscored, 1);
  // Answers as they are: the car's colour counts though there is no car.
  EXPECT_DOUBLE_EQ(named(scores, "attribute").value, 1);
  EXPECT_DOUBLE_EQ(named(scores, "entity").value, 0.5);
  EXPECT_DOUBLE_EQ(named(scores, "other").value, 0.75);
  EXPECT_EQ(named(scores, "other").num_images, 2);
  EXPECT_DOUBLE_EQ(named(scores, "category: other - text rendering").value, 0.5);
}

TEST(Summary, CategoriesCountQuestionsAndThePicturesTheyLack) {
  const auto scores =
      Pictures(Variant::fixed).add(1, {true, false, false}).missing(1).add(0, {false, false}).summary();
  EXPECT_DOUBLE_EQ(named(scores, "entity").value, 1.0 / 4) << "three questions and one";
  EXPECT_EQ(named(scores, "entity").num_images, 3);
  EXPECT_EQ(named(scores, "entity").num_unscored, 1);
  EXPECT_EQ(named(scores, "attribute").num_unscored, 0);
}

TEST(Summary, ReferenceDropsWhatThePublishedCodeDropsAndReadsAGridsLastPicture) {
  Pictures pictures(Variant::reference);
  pictures
      .add(0, {true, true})  // the lost row: dropped, and no lack
      .add(4, {true, false})
      .add(4, {true, true});
  const NamedScore overall = named(pictures.summary(), "overall");
  EXPECT_DOUBLE_EQ(overall.value, 0.75);
  EXPECT_EQ(overall.num_images, 2);
  EXPECT_EQ(overall.num_unscored, 0);
  EXPECT_THAT(names(pictures.summary()),
              ElementsAre("other", "category: other - count", "category: other - text rendering", "overall"));
  EXPECT_DOUBLE_EQ(named(pictures.summary(), "other").value, 1) << "of the last picture alone";
  EXPECT_DOUBLE_EQ(named(pictures.summary(Layout::single), "other").value, 0.75) << "each file is a last one";

  const auto partial = pictures.missing(4).summary();
  EXPECT_EQ(named(partial, "overall").num_unscored, 1);
  EXPECT_DOUBLE_EQ(named(partial, "other").value, 1) << "the last that was asked about";
}

// The published loop breaks off within a grid: with its second picture go the first, which it could score,
// and those that it did not come to.
TEST(Summary, ReferenceLosesAGridWithOneOfItsPictures) {
  const std::string table = kColumns +
                            "first,A,,1,0,,,entity - whole (a),A?\n"
                            "first,A,,2,0,,,entity - whole (b),B?\n"
                            "first,A,,3,\"2,1\",,,entity - whole (c),C?\n"
                            "second,B,,1,0,,,entity - whole (d),D?\n";
  Pictures pictures(Variant::reference, table);
  pictures.add(0, {true, false, true});
  for (int i = 1; i < 4; ++i) pictures.add(0, {true, true, true});
  for (int i = 0; i < 4; ++i) pictures.add(1, {true});
  const auto grids = pictures.summary();
  EXPECT_EQ(named(grids, "overall").value, 1);
  EXPECT_EQ(named(grids, "overall").num_images, 4);
  EXPECT_EQ(named(grids, "overall").num_unscored, 0);
  EXPECT_EQ(named(grids, "category: entity - whole").value, 1);
  EXPECT_DOUBLE_EQ(named(pictures.summary(Layout::single), "overall").value, 4.0 / 5)
      << "files of their own are lost on their own";
}

TEST(Summary, OfMissingPicturesAloneIsNothing) {
  EXPECT_TRUE(Pictures(Variant::fixed).missing(0).missing(1).summary().empty());
}

}  // namespace
}  // namespace umm::dpg
