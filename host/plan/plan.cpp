#include "plan/plan.h"

#include <algorithm>
#include <set>

#include "evaluate/evaluate.h"
#include "evaluate/finished.h"
#include "evaluate/image_folder.h"
#include "plan/drift.h"
#include "plan/history.h"
#include "results/run_folder.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

std::string device_text(const ResourceConfig& resources) {
  std::string text;
  for (const auto& model : resources.gpu_models) text += (text.empty() ? "" : " or ") + model;
  return text.empty() ? resources.device : text;
}

class Planner {
 public:
  explicit Planner(const PlanRequest& request)
      : experiment_(request.experiment),
        catalogue_(request.catalogue),
        own_(stored_results(request.experiment)),
        costs_(request.catalogue, history_, request.tflops) {
    if (own_) history_.add(*own_);
    for (const auto& file : request.histories) {
      others_.push_back(results::Store::open_read_only(file.string()));
      history_.add(others_.back());
    }
    plan_.experiment = &experiment_;
    plan_.tflops = request.tflops;
  }

  Plan plan();

 private:
  void count_product();
  PlannedRun plan_run(const RunConfig& run);
  PlannedStage plan_stage(const RunConfig& run, const StageConfig& stage, RunCost& cost);
  PlannedEvaluation plan_evaluation(const RunConfig& run, const EvaluationConfig& evaluation, RunCost& cost);
  bool is_done(const RunConfig& run, const EvaluationConfig& evaluation) const;
  void check_difference();
  void count_resources();

  template <typename Estimate>
  void count(const Estimated<Estimate>& estimate, std::map<CostSource, int64_t>& sources) {
    ++sources[estimate.cost.source];
    plan_.cost.most_samples = std::max(plan_.cost.most_samples, estimate.cost.num_samples);
    if (estimate.rehearsed->value) plan_.cost.flops += estimate.rehearsed->value->flops;
  }

  const Experiment& experiment_;
  const Catalogue& catalogue_;
  std::optional<results::Store> own_;
  std::vector<results::Store> others_;
  History history_;
  Costs costs_;
  Plan plan_;
  std::set<std::string> finished_, to_train_;  // identities of stages
};

void Planner::count_product() {
  Product& product = plan_.product;
  for (const auto& axis : experiment_.axes) {
    product.num_runs *= axis.num_values;
    (axis.replicate ? product.num_replicates : product.num_cells) *= axis.num_values;
  }
  for (const auto& skipped : experiment_.skipped) product.num_skipped += skipped.num_runs;
  for (const auto& run : experiment_.runs) product.num_references += run.reference;
}

PlannedStage Planner::plan_stage(const RunConfig& run, const StageConfig& stage, RunCost& cost) {
  PlannedStage planned;
  planned.config = &stage;
  const bool done = finished_.contains(stage.identity) || stage_finished(experiment_.output, stage);
  if (done) planned.state = StageState::finished;
  if (!run.awaits.empty()) return planned;
  const bool first = (done ? finished_ : to_train_).insert(stage.identity).second;
  if (!done && !first) planned.state = StageState::shared;
  if (planned.state != StageState::to_train) return planned;
  planned.estimate = costs_.of(run, stage);
  cost.add(planned.estimate.cost);
  count(planned.estimate, plan_.cost.stages);
  return planned;
}

// As `run` asks: the database also holds evaluations that lack answers.
bool Planner::is_done(const RunConfig& run, const EvaluationConfig& evaluation) const {
  const auto subject = finished_subject(experiment_.output, run, evaluation);
  return subject &&
         is_evaluated(experiment_.output, evaluation_identity(run, evaluation, *subject, catalogue_));
}

PlannedEvaluation Planner::plan_evaluation(const RunConfig& run, const EvaluationConfig& evaluation,
                                           RunCost& cost) {
  PlannedEvaluation planned;
  planned.config = &evaluation;
  if (!run.awaits.empty()) return planned;
  planned.num_prompts = costs_.num_prompts(evaluation);
  planned.reused = is_done(run, evaluation);
  ++(planned.reused ? plan_.states.evaluations_reused : plan_.states.evaluations_to_run);
  if (planned.reused) return planned;
  // Its key may be on the machine that runs it alone.
  expect_judge({run, evaluation, catalogue_, experiment_.output});
  planned.estimate = costs_.of(run, evaluation);
  cost.add(planned.estimate.cost);
  count(planned.estimate, plan_.cost.evaluations);
  return planned;
}

PlannedRun Planner::plan_run(const RunConfig& run) {
  PlannedRun planned;
  planned.config = &run;
  for (const auto& stage : run.stages) planned.stages.push_back(plan_stage(run, stage, planned.cost));
  for (const auto& evaluation : run.evaluations)
    planned.evaluations.push_back(plan_evaluation(run, evaluation, planned.cost));
  planned.cost.fall_back_on_limit(run.resources);
  plan_.cost.add(planned.cost);
  plan_.states.runs_awaiting += !planned.can_run();
  return planned;
}

void Planner::check_difference() {
  std::set<std::string> seen;
  for (const auto& run : experiment_.runs) {
    for (const auto& evaluation : run.evaluations) {
      if (!seen.insert(evaluation.protocol_hash).second) continue;
      Detectable detectable;
      detectable.benchmark = evaluation.evaluator.id;
      detectable.protocol_hash = evaluation.protocol_hash;
      detectable.num_repeats = plan_.product.num_replicates;
      const auto add = [&](const results::Store& store) {
        add_stored_pairs(store, detectable.benchmark, evaluation.protocol_hash, detectable.variances);
      };
      if (own_) add(*own_);
      for (const auto& other : others_) add(other);
      detectable.difference = detectable_difference(detectable.variances, detectable.num_repeats);
      plan_.detectable.push_back(std::move(detectable));
    }
  }
}

void Planner::count_resources() {
  for (const auto& run : plan_.runs) {
    if (!run.has_work()) continue;
    const auto& resources = run.config->resources;
    const ResourceShape shape{resources.gpus, device_text(resources), resources.time_limit_seconds, 1};
    const auto same = std::find_if(plan_.launch.begin(), plan_.launch.end(), [&](const ResourceShape& other) {
      return other.gpus == shape.gpus && other.device == shape.device &&
             other.time_limit_seconds == shape.time_limit_seconds;
    });
    if (same == plan_.launch.end())
      plan_.launch.push_back(shape);
    else
      ++same->num_runs;
  }
}

Plan Planner::plan() {
  count_product();
  std::vector<RunCost> costs;
  for (const auto& run : experiment_.runs) {
    plan_.runs.push_back(plan_run(run));
    costs.push_back(plan_.runs.back().cost);
  }
  plan_.states.stages_to_train = static_cast<int64_t>(to_train_.size());
  plan_.states.stages_finished = static_cast<int64_t>(finished_.size());
  plan_.budget = check_budget(experiment_.budget, own_ ? spent_hours(*own_, experiment_.name) : 0, costs);
  check_difference();
  count_resources();
  if (own_) plan_.warnings = protocol_warnings(*own_, experiment_);
  return std::move(plan_);
}

}  // namespace

bool PlannedRun::has_work() const {
  return can_run() && (std::any_of(stages.begin(), stages.end(),
                                   [](const auto& stage) { return stage.state != StageState::finished; }) ||
                       std::any_of(evaluations.begin(), evaluations.end(),
                                   [](const auto& evaluation) { return !evaluation.reused; }));
}

std::optional<results::Store> stored_results(const Experiment& experiment) {
  const fs::path database = results::database_file(experiment.output);
  std::error_code none;
  if (fs::file_size(database, none) == 0 || none) return std::nullopt;
  return results::Store::open_read_only(database.string());
}

Plan make_plan(const PlanRequest& request) {
  return Planner(request).plan();
}

}  // namespace umm
