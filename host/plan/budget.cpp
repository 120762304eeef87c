#include "plan/budget.h"

#include <fmt/format.h>

#include <algorithm>

#include "results/database.h"

namespace umm {

void RunCost::add(const Cost& cost) {
  hours += cost.hours;
  low += cost.low;
  high += cost.high;
  lower_bound = lower_bound || cost.source == CostSource::products;
  num_unknown += cost.source == CostSource::unknown;
}

void RunCost::fall_back_on_limit(const ResourceConfig& resources) {
  if (num_unknown == 0 || resources.time_limit_seconds <= 0) return;
  const double limit = resources.time_limit_seconds / 3600 * static_cast<double>(resources.gpus);
  hours = std::max(hours, limit);
  low = std::max(low, limit);
  high = std::max(high, limit);
  num_unknown = 0;
  lower_bound = false;
  at_time_limit = true;
}

void TotalCost::add(const RunCost& cost) {
  hours += cost.hours;
  low += cost.low;
  high += cost.high;
  lower_bound = lower_bound || cost.lower_bound;
  num_at_time_limit += cost.at_time_limit;
  num_unknown += cost.num_unknown;
}

double spent_hours(const results::Store& store, const std::string& sweep) {
  // The view sweep_costs says the same, and asks again for every cost which runs the sweep has.
  results::Statement statement(
      store.handle(),
      "WITH chosen AS (SELECT run_id FROM sweep_run JOIN sweep ON sweep.id = sweep_run.sweep_id "
      "                WHERE sweep.name = ?) "
      "SELECT total(device_hours) FROM unit_costs "
      "WHERE stage_id IN (SELECT stage_id FROM run_stage WHERE run_id IN chosen) "
      "   OR evaluation_id IN (SELECT evaluation_id FROM run_evaluation WHERE run_id IN chosen)");
  statement.bind(sweep).step();
  return statement.real(0);
}

std::optional<BudgetCheck> check_budget(const BudgetConfig& budget, double spent,
                                        const std::vector<RunCost>& costs) {
  if (budget.gpu_hours <= 0) return std::nullopt;
  BudgetCheck check{.limit = budget.gpu_hours, .spent = spent, .place = budget.place};
  for (const auto& cost : costs) {
    check.estimate += cost.hours;
    check.fits = check.fits && spent + check.estimate <= check.limit;
    check.num_fitting_runs += check.fits;
  }
  return check;
}

std::string budget_error(const BudgetCheck& check) {
  return fmt::format(
      "error[S230]: {:.4g} device-hours exceed `budget.gpu_hours` = {:.4g}\n"
      "  --> {}\n"
      "   = {:.4g} are spent, {:.4g} more are expected; the first {} runs fit\n"
      "   = leave out values of an axis, raise the budget, or accept with --up-to-budget that the last runs "
      "do not start",
      check.spent + check.estimate, check.limit, check.place, check.spent, check.estimate,
      check.num_fitting_runs);
}

}  // namespace umm
