// What a sweep costs in all, and whether its budget covers that.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plan/cost.h"
#include "results/store.h"
#include "spec/experiment.h"

namespace umm {

// What a run has left to do, in device-hours; shared work counts with the first run that needs it.
struct RunCost {
  double hours = 0, low = 0, high = 0;
  bool lower_bound = false;    // a part is counted at the rate of matrix products
  bool at_time_limit = false;  // a part is unknown: all of it is counted at the run's limit of time
  int64_t num_unknown = 0;     // parts that are not counted

  void add(const Cost& cost);
  // Once all parts are added.
  void fall_back_on_limit(const ResourceConfig& resources);
};

struct TotalCost {
  double hours = 0, low = 0, high = 0;
  double flops = 0;                                   // of what was rehearsed
  std::map<CostSource, int64_t> stages, evaluations;  // how many had their cost from where
  int64_t most_samples = 0;                           // of history behind one of them
  int64_t num_at_time_limit = 0;                      // runs
  int64_t num_unknown = 0;                            // stages and evaluations that are not counted
  bool lower_bound = false;

  void add(const RunCost& cost);
};

struct BudgetCheck {
  double limit = 0, spent = 0, estimate = 0;  // device-hours
  bool fits = true;
  int64_t num_fitting_runs = 0;  // how many fit, from the first on
  std::string place;
};

// Of all attempts and evaluations of the sweep's runs, lost work included.
double spent_hours(const results::Store& store, const std::string& sweep);

// nullopt: the budget sets no limit. `costs`: of the runs in their order.
std::optional<BudgetCheck> check_budget(const BudgetConfig& budget, double spent,
                                        const std::vector<RunCost>& costs);

// S230, as a spec's other errors are shown.
std::string budget_error(const BudgetCheck& check);

}  // namespace umm
