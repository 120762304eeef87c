#include "wise/aggregate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>

#include "wise/record.h"

namespace umm::wise {
namespace {

// Pictures of categories, with scores.
class Pictures {
 public:
  void add(size_t category, ScoreStatus status, double value, int count = 1) {
    const EvaluationItem& item = items_.emplace_back(EvaluationItem{.tag = kCategories.at(category)});
    for (int i = 0; i < count; ++i)
      images_.push_back({&item, i, {.value = value, .status = status}, nullptr});
  }
  std::vector<NamedScore> aggregate(Overall overall) const { return wise::aggregate(images_, overall); }
  double overall(Overall overall) const { return aggregate(overall).back().value; }

 private:
  std::deque<EvaluationItem> items_;
  std::vector<ScoredImage> images_;
};

// A hundred pictures per category, right or wrong, so that its mean is the published one.
Pictures pictures_of(const std::array<int, 6>& hundredths) {
  Pictures pictures;
  for (size_t category = 0; category < hundredths.size(); ++category) {
    pictures.add(category, ScoreStatus::scored, 1, hundredths[category]);
    pictures.add(category, ScoreStatus::scored, 0, 100 - hundredths[category]);
  }
  return pictures;
}

long in_hundredths(const Pictures& pictures, Overall overall) {
  return std::lround(pictures.overall(overall) * 100);
}

// Rows that the benchmark's and BAGEL's papers print: culture, time, space, biology, physics, chemistry.
TEST(WiseOverall, GivesThePublishedRows) {
  const auto bagel = pictures_of({44, 55, 68, 44, 60, 39});
  EXPECT_EQ(in_hundredths(bagel, Overall::plain_six), 52);
  EXPECT_EQ(in_hundredths(bagel, Overall::legacy_weighted), 50);
  EXPECT_EQ(in_hundredths(pictures_of({34, 35, 32, 28, 29, 21}), Overall::legacy_weighted), 32);
  EXPECT_EQ(in_hundredths(pictures_of({48, 58, 62, 42, 51, 35}), Overall::legacy_weighted), 50);
}

TEST(WiseOverall, WeighsAsItsNameSays) {
  for (const auto& [overall, culture, time, space, science] :
       {std::tuple(Overall::legacy_weighted, 0.4, 0.167, 0.133, 0.1),
        std::tuple(Overall::verified_weighted, 0.4, 0.12, 0.12, 0.12),
        std::tuple(Overall::plain_six, 1.0 / 6, 1.0 / 6, 1.0 / 6, 1.0 / 6)}) {
    EXPECT_NEAR(pictures_of({100, 0, 0, 0, 0, 0}).overall(overall), culture, 1e-12);
    EXPECT_NEAR(pictures_of({0, 100, 0, 0, 0, 0}).overall(overall), time, 1e-12);
    EXPECT_NEAR(pictures_of({0, 0, 100, 0, 0, 0}).overall(overall), space, 1e-12);
    EXPECT_NEAR(pictures_of({0, 0, 0, 100, 0, 0}).overall(overall), science, 1e-12);
    EXPECT_NEAR(pictures_of({100, 100, 100, 100, 100, 100}).overall(overall), 1, 1e-12);
  }
}

TEST(WiseOverall, SaysHowManyAreMissing) {
  auto pictures = pictures_of({50, 50, 50, 50, 50, 50});
  pictures.add(0, ScoreStatus::refused, 0);
  pictures.add(0, ScoreStatus::failed, 0);
  pictures.add(5, ScoreStatus::unparsable, 0, 3);
  const auto scores = pictures.aggregate(Overall::plain_six);
  ASSERT_EQ(scores.size(), 7U);
  EXPECT_EQ(scores[6].name, "overall");
  EXPECT_NEAR(scores[6].value, 0.5, 1e-12) << "what is missing is in no mean";
  EXPECT_EQ(scores[6].num_unscored, 5);
  EXPECT_EQ(scores[6].num_images, 605);
  EXPECT_EQ(scores[0].name, "culture");
  EXPECT_EQ(scores[0].num_unscored, 2);
  EXPECT_EQ(scores[5].num_unscored, 3);
  EXPECT_EQ(scores[5].num_images, 103);
  EXPECT_DOUBLE_EQ(scores[5].value, 0.5);
}

TEST(WiseOverall, IsOfTheCategoriesThatHaveScores) {
  Pictures pictures;
  pictures.add(0, ScoreStatus::scored, 1, 3);
  pictures.add(1, ScoreStatus::scored, 0, 3);
  pictures.add(2, ScoreStatus::refused, 0);
  const auto scores = pictures.aggregate(Overall::legacy_weighted);
  ASSERT_EQ(scores.size(), 3U);
  EXPECT_NEAR(scores[2].value, 0.4 / 0.567, 1e-12);
  EXPECT_EQ(scores[2].num_unscored, 1);
  Pictures none;
  none.add(0, ScoreStatus::missing, 0);
  EXPECT_TRUE(none.aggregate(Overall::plain_six).empty());
}

}  // namespace
}  // namespace umm::wise
