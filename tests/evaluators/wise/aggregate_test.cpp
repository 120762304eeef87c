#include "wise/aggregate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace umm::wise {
namespace {

void add(std::vector<ScoredPicture>& pictures, size_t category, judge::Status status, double value,
         int count = 1) {
  for (int i = 0; i < count; ++i)
    pictures.push_back(
        {static_cast<Category>(category), {.status = status, .value = value, .three = {}, .reason = ""}});
}

// A hundred pictures per category, right or wrong, so that its mean is the published one.
std::vector<ScoredPicture> pictures_of(const std::array<int, 6>& hundredths) {
  std::vector<ScoredPicture> pictures;
  for (size_t category = 0; category < hundredths.size(); ++category) {
    add(pictures, category, judge::Status::ok, 1, hundredths[category]);
    add(pictures, category, judge::Status::ok, 0, 100 - hundredths[category]);
  }
  return pictures;
}

long in_hundredths(const std::vector<ScoredPicture>& pictures, Overall overall) {
  return std::lround(summarize(pictures, overall).overall.value() * 100);
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
    EXPECT_NEAR(summarize(pictures_of({100, 0, 0, 0, 0, 0}), overall).overall.value(), culture, 1e-12);
    EXPECT_NEAR(summarize(pictures_of({0, 100, 0, 0, 0, 0}), overall).overall.value(), time, 1e-12);
    EXPECT_NEAR(summarize(pictures_of({0, 0, 100, 0, 0, 0}), overall).overall.value(), space, 1e-12);
    EXPECT_NEAR(summarize(pictures_of({0, 0, 0, 100, 0, 0}), overall).overall.value(), science, 1e-12);
    EXPECT_NEAR(summarize(pictures_of({100, 100, 100, 100, 100, 100}), overall).overall.value(), 1, 1e-12);
  }
}

TEST(WiseOverall, SaysHowManyAreMissing) {
  auto pictures = pictures_of({50, 50, 50, 50, 50, 50});
  add(pictures, 0, judge::Status::refused, 0);
  add(pictures, 0, judge::Status::error, 0);
  add(pictures, 5, judge::Status::unparsable, 0, 3);
  const Summary summary = summarize(pictures, Overall::plain_six);
  EXPECT_NEAR(summary.overall.value(), 0.5, 1e-12) << "what is missing is in no mean";
  EXPECT_EQ(summary.num_missing, 5);
  EXPECT_EQ(summary.num_scored, 600);
  EXPECT_EQ(summary.categories[0].num_missing, 2);
  EXPECT_EQ(summary.categories[5].num_missing, 3);
  EXPECT_EQ(summary.categories[5].num_scored, 100);
  EXPECT_DOUBLE_EQ(summary.categories[5].mean.value(), 0.5);
}

TEST(WiseOverall, NeedsEveryCategory) {
  std::vector<ScoredPicture> pictures;
  add(pictures, 0, judge::Status::ok, 1, 3);
  add(pictures, 1, judge::Status::refused, 0);
  const Summary summary = summarize(pictures, Overall::legacy_weighted);
  EXPECT_EQ(summary.overall, std::nullopt);
  EXPECT_EQ(summary.categories[0].mean, 1);
  EXPECT_EQ(summary.categories[1].mean, std::nullopt);
  EXPECT_EQ(summary.num_missing, 1);
}

}  // namespace
}  // namespace umm::wise
