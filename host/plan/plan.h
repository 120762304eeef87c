// What an experiment would do and what it would cost, as far as that can be known before anything is trained:
// its product, what is there already, device-hours with their interval, whether they fit the budget, what
// difference its scores could show, and what it asks of machines. Printing is not done here.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "loader/catalogue.h"
#include "plan/budget.h"
#include "plan/cost.h"
#include "plan/detectable.h"
#include "spec/experiment.h"

namespace umm {

enum class StageState {
  finished,
  to_train,
  shared,  // to train, and listed with an earlier run
};

struct PlannedStage {
  const StageConfig* config = nullptr;
  StageState state = StageState::to_train;
  Estimated<StageEstimate> estimate;  // where state is to_train and the run can run
};

struct PlannedEvaluation {
  const EvaluationConfig* config = nullptr;
  int64_t num_prompts = 0;                 // 0 where the run cannot run
  bool reused = false;                     // else to run
  Estimated<GenerationEstimate> estimate;  // where it is to run
};

struct PlannedRun {
  const RunConfig* config = nullptr;
  std::vector<PlannedStage> stages;
  std::vector<PlannedEvaluation> evaluations;
  RunCost cost;

  bool can_run() const { return config->awaits.empty(); }
  bool has_work() const;  // and can run
};

struct Product {
  int64_t num_cells = 1;
  int64_t num_runs = 1;  // of the axes alone
  int64_t num_skipped = 0;
  int64_t num_references = 0;
  int64_t num_replicates = 1;
};

struct StateCounts {
  int64_t stages_to_train = 0, stages_finished = 0;  // different ones
  int64_t evaluations_to_run = 0, evaluations_reused = 0;
  int64_t runs_awaiting = 0;  // what is not here yet
};

// Runs that ask the same of a machine.
struct ResourceShape {
  int64_t gpus = 1;
  std::string device;  // "auto", "cuda:0", "H100 or H200"
  double time_limit_seconds = 0;
  int64_t num_runs = 0;  // with work
};

struct Plan {
  const Experiment* experiment = nullptr;
  Product product;
  std::vector<PlannedRun> runs;
  StateCounts states;
  TotalCost cost;
  double tflops = 0;  // the rate that was named; 0: none
  std::optional<BudgetCheck> budget;
  std::vector<Detectable> detectable;  // one for each protocol
  std::vector<ResourceShape> launch;
  std::vector<std::string> warnings;  // S210
};

struct PlanRequest {
  const Experiment& experiment;  // outlives the plan
  const Catalogue& catalogue;
  double tflops = 0;                             // see Costs
  std::vector<std::filesystem::path> histories;  // further databases to learn from
};

// What this sweep's own database holds. nullopt: there is none, so nothing is done yet.
std::optional<results::Store> stored_results(const Experiment& experiment);

// Throws InputError for what a run would stop at before it does anything, StoreError for databases.
Plan make_plan(const PlanRequest& request);

}  // namespace umm
