// One cell of a table: what it is called, and that it is the table's.
#include "results/cell.h"

#include <gmock/gmock.h>

#include "results/table.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class CellTest : public testing::Test {
 protected:
  std::string refusal(const CellQuestion& question) const {
    return error_of([&] { read_cell(store_, question); });
  }

  TemporaryFolder folder_;
  Store store_ = open_small_database(folder_);
};

TEST_F(CellTest, MeanAndIntervalAreThoseOfTheTable) {
  const Table table = build_tables(store_, "small").at(0);
  for (const auto& row : table.rows) {
    const Cell cell = read_cell(store_, {.sweep = "small", .row = row.label, .metric = "overall"});
    EXPECT_DOUBLE_EQ(cell.mean, row.overall);
    ASSERT_TRUE(cell.interval);
    ASSERT_TRUE(row.interval);
    EXPECT_EQ(cell.interval->low, row.interval->low);
    EXPECT_EQ(cell.interval->high, row.interval->high);
    EXPECT_EQ(static_cast<int64_t>(cell.runs.size()), row.num_seeds);
    EXPECT_DOUBLE_EQ(cell.runs[0].train_device_hours, row.train_device_hours);
    EXPECT_DOUBLE_EQ(cell.runs[0].eval_device_hours, row.eval_device_hours);
    EXPECT_EQ(cell.num_prompts, 12);
  }
}

TEST_F(CellTest, OfSomeSeedsAlone) {
  const Cell cell = read_cell(store_, {.sweep = "small", .row = "reca", .metric = "color_attr"}, 1);
  ASSERT_EQ(cell.runs.size(), 1u);
  EXPECT_EQ(cell.runs[0].seed, 0);
  EXPECT_EQ(cell.num_runs, 2);
  EXPECT_DOUBLE_EQ(cell.mean, 5 / 8.0);
  EXPECT_THAT(cell.devices, testing::ElementsAre("cpu: test x2 threads"));
}

TEST_F(CellTest, WhatThereIsNotIsNamedWithWhatThereIs) {
  EXPECT_THAT(refusal({.sweep = "small", .row = "rec", .metric = "overall"}), HasSubstr("base, reca, sft"));
  EXPECT_THAT(refusal({.sweep = "small", .row = "reca", .metric = "all"}),
              HasSubstr("color_attr, counting, overall, single_object"));
  EXPECT_THAT(refusal({.sweep = "large", .row = "reca", .metric = "overall"}), HasSubstr("no sweep 'large'"));
  auto ema = small_evaluation("reca ema", "ffff0000ffff0000");
  ema.weights = "ema";
  store_.put_evaluation(small_run("reca", 0).identity, ema, small_items(), small_evidence({1, 1, 1}),
                        small_scores({1, 1, 1}), {});
  EXPECT_THAT(refusal({.sweep = "small", .row = "reca", .metric = "overall"}),
              AllOf(HasSubstr("choose one"), HasSubstr("--protocol ffff0000ffff --weights ema")));
  EXPECT_DOUBLE_EQ(
      read_cell(store_, {.sweep = "small", .row = "reca", .metric = "overall", .weights = "ema"}).mean,
      1 / 8.0);
}

TEST_F(CellTest, AScoreThatDoesNotFollowFromPicturesHasNoInterval) {
  query(store_, "UPDATE score SET value = 0.9 WHERE name = 'overall' RETURNING value");
  EXPECT_FALSE(read_cell(store_, {.sweep = "small", .row = "reca", .metric = "overall"}).interval);
  EXPECT_TRUE(read_cell(store_, {.sweep = "small", .row = "reca", .metric = "counting"}).interval);
}

TEST_F(CellTest, PicturesAreCompared) {
  const auto sft = small_evaluation("sft0").identity, reca = small_evaluation("reca0").identity;
  const auto same = compare_pictures(store_, sft, store_, sft);
  EXPECT_EQ(same.pictures, 24);
  EXPECT_EQ(same.same_bytes, 24);
  EXPECT_EQ(same.same_score, 24);
  EXPECT_EQ(compare_pictures(store_, sft, store_, reca).same_score, 24 - 2 - 2 - 4);
}

}  // namespace
}  // namespace umm::results
