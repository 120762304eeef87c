#include "plan/budget.h"

#include <gmock/gmock.h>

#include "tests/results/small_database.h"

namespace umm {
namespace {

using ::testing::HasSubstr;

RunCost cost_of(double hours) {
  RunCost cost;
  cost.add({.source = CostSource::history, .hours = hours, .low = hours / 2, .high = hours * 2});
  return cost;
}

BudgetConfig budget_of(double gpu_hours) {
  return {.gpu_hours = gpu_hours, .place = "sweep.toml:92:13"};
}

TEST(Budget, SpentIsAllOfTheSweepWithSharedWorkOnceAndLostWorkToo) {
  const results::TemporaryFolder folder;
  const auto store = results::open_small_database(folder);
  // Two seeds: sft 1 h, reca 2 h; 0.1 h lost; five evaluations of 0.55 h.
  EXPECT_NEAR(spent_hours(store, "small"), 2 * 1 + 2 * 2 + 0.1 + 5 * 0.55, 1e-9);
  EXPECT_EQ(spent_hours(store, "another"), 0);
}

TEST(Budget, RunsFitInTheirOrder) {
  const std::vector<RunCost> costs = {cost_of(1), cost_of(2), cost_of(3), cost_of(0)};
  EXPECT_FALSE(check_budget(budget_of(0), 0, costs));
  const auto enough = check_budget(budget_of(10), 4, costs);
  ASSERT_TRUE(enough);
  EXPECT_TRUE(enough->fits);
  EXPECT_EQ(enough->num_fitting_runs, 4);
  const auto short_of = check_budget(budget_of(9.5), 4, costs);
  ASSERT_TRUE(short_of);
  EXPECT_FALSE(short_of->fits);
  EXPECT_EQ(short_of->num_fitting_runs, 2);
  EXPECT_EQ(short_of->estimate, 6);
}

TEST(Budget, TheErrorSaysWhatWhereAndWhatToDo) {
  const auto check = check_budget(budget_of(9.5), 4, {cost_of(5), cost_of(1)});
  EXPECT_THAT(budget_error(*check),
              HasSubstr("error[S230]: 10 device-hours exceed `budget.gpu_hours` = 9.5"));
  EXPECT_THAT(budget_error(*check), HasSubstr("--> sweep.toml:92:13"));
  EXPECT_THAT(budget_error(*check), HasSubstr("4 are spent, 6 more are expected; the first 1 runs fit"));
  EXPECT_THAT(budget_error(*check), HasSubstr("--up-to-budget"));
}

TEST(Budget, AnUnknownPartCountsAsTheLimitOfTime) {
  RunCost cost = cost_of(1);
  cost.add({});
  EXPECT_EQ(cost.num_unknown, 1);
  RunCost unlimited = cost;
  unlimited.fall_back_on_limit({});
  EXPECT_EQ(unlimited.hours, 1);
  EXPECT_EQ(unlimited.num_unknown, 1);
  ResourceConfig resources;
  resources.gpus = 8;
  resources.time_limit_seconds = 7200;
  cost.fall_back_on_limit(resources);
  EXPECT_EQ(cost.hours, 16);
  EXPECT_EQ(cost.num_unknown, 0);
  EXPECT_TRUE(cost.at_time_limit);
  RunCost known = cost_of(1);
  known.fall_back_on_limit(resources);
  EXPECT_EQ(known.hours, 1);
  EXPECT_FALSE(known.at_time_limit);
}

TEST(Budget, TotalsAddUp) {
  TotalCost total;
  total.add(cost_of(1));
  RunCost bound;
  bound.add({.source = CostSource::products, .hours = 3, .low = 3, .high = 3});
  total.add(bound);
  EXPECT_EQ(total.hours, 4);
  EXPECT_EQ(total.low, 3.5);
  EXPECT_EQ(total.high, 5);
  EXPECT_TRUE(total.lower_bound);
}

}  // namespace
}  // namespace umm
