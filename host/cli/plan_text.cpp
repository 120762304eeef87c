#include <fmt/format.h>

#include <algorithm>

#include "cli/plan_output.h"
#include "results/run_folder.h"

namespace umm::cli {
namespace {

constexpr size_t kMostNames = 10;

std::string short_id(const std::string& identity) {
  return identity.substr(0, 16);
}

// "1 run", "3 runs"
std::string count(int64_t number, const std::string& what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string micro_batch_text(const StageConfig& stage) {
  std::string text;
  for (const auto& [name, flow] : stage.flows) {
    text += fmt::format("{}{} {}", text.empty() ? "" : " + ", flow.batch_size, name);
  }
  return text;
}

// "1.23 TFLOP"
std::string flops_text(double flops) {
  std::string prefix = "G";
  for (const char* larger : {"T", "P", "E"}) {
    if (flops < 1e12) break;
    flops /= 1000;
    prefix = larger;
  }
  return fmt::format("{:.3g} {}FLOP", flops / 1e9, prefix);
}

// "0.0123 device-hours (0.01 to 0.02 in 5 earlier ones)"
std::string cost_text(const Cost& cost) {
  const std::string hours = fmt::format("{:.3g} device-hours", cost.hours);
  switch (cost.source) {
    case CostSource::history:
      return fmt::format("{} ({:.3g} to {:.3g} by {} earlier)", hours, cost.low, cost.high, cost.num_samples);
    case CostSource::rate:
      return hours;
    case CostSource::products:
      return "at least " + hours;
    case CostSource::unknown:
      break;
  }
  return "no device-hours known";
}

template <typename Estimate>
std::string estimate_text(const Estimated<Estimate>& estimate) {
  if (estimate.rehearsed->value)
    return flops_text(estimate.rehearsed->value->flops) + ", " + cost_text(estimate.cost);
  const bool known = estimate.cost.source != CostSource::unknown;
  return (known ? cost_text(estimate.cost) + "; no rehearsal: " : "no estimate: ") +
         estimate.rehearsed->problem;
}

// "2 method = 2 cells, x 3 seed = 6 runs, and 1 reference"
void print_product(const Plan& plan) {
  const auto& experiment = *plan.experiment;
  std::string cells, replicates;
  for (const auto& axis : experiment.axes) {
    if (axis.replicate)
      replicates += fmt::format(" x {} {}", axis.num_values, axis.name);
    else
      cells += fmt::format("{}{} {}", cells.empty() ? "" : " x ", axis.num_values, axis.name);
  }
  if (!cells.empty()) cells += " = ";
  fmt::print("{}{}{} = {}", cells, count(plan.product.num_cells, "cell"),
             replicates.empty() ? "" : "," + replicates, count(plan.product.num_runs, "run"));
  if (plan.product.num_skipped > 0) fmt::print(", {} skipped", plan.product.num_skipped);
  if (plan.product.num_references > 0)
    fmt::print(", and {}", count(plan.product.num_references, "reference"));
  fmt::print("\n");
  for (const auto& skipped : experiment.skipped)
    fmt::print("  skipped {:>4}  {}: {}  ({})\n", skipped.num_runs, skipped.when, skipped.because,
               skipped.place);
  if (experiment.left_out > 0) fmt::print("  left out by --only {}\n", experiment.left_out);
  fmt::print("\n");
}

void print_stage(const PlannedStage& stage) {
  const char* state = stage.state == StageState::finished ? "finished, reused"
                      : stage.state == StageState::shared ? "to train once, shared"
                                                          : "to train";
  const auto& config = *stage.config;
  fmt::print("  stage {}  {:<12} {} updates x {} of {}  {}\n", short_id(config.identity), config.name,
             config.train.updates, config.train.accumulation, micro_batch_text(config), state);
  const auto& rehearsed = stage.estimate.rehearsed;
  if (!rehearsed) return;
  if (rehearsed->value) fmt::print("        {} images seen, ", rehearsed->value->images_seen);
  fmt::print("{}{}\n", rehearsed->value ? "" : "        ", estimate_text(stage.estimate));
  if (rehearsed->value) fmt::print("        {}\n", rehearsed->value->memory.text());
}

void print_run(const PlannedRun& run) {
  fmt::print("run {}  {}{}\n", short_id(run.config->identity), run.config->name,
             run.config->reference ? "  (reference, not trained)" : "");
  for (const auto& what : run.config->awaits) fmt::print("  waits for {}\n", what);
  for (const auto& stage : run.stages) print_stage(stage);
  for (const auto& evaluation : run.evaluations) {
    const auto& config = *evaluation.config;
    fmt::print("  eval  protocol {}  {}", short_id(config.protocol_hash), config.name);
    if (run.can_run())
      fmt::print(": {} prompts x {} pictures, {}", evaluation.num_prompts, config.images_per_prompt,
                 evaluation.reused ? "reused" : estimate_text(evaluation.estimate));
    fmt::print("\n");
  }
}

int64_t number_of(const std::map<CostSource, int64_t>& sources, CostSource source) {
  const auto found = sources.find(source);
  return found == sources.end() ? 0 : found->second;
}

// "  2 stages and 3 evaluations <how>"; nothing where there are none.
void print_source(const TotalCost& cost, CostSource source, const std::string& how) {
  const auto stages = number_of(cost.stages, source), evaluations = number_of(cost.evaluations, source);
  if (stages + evaluations == 0) return;
  fmt::print("               {}{}{} {}\n", stages > 0 ? count(stages, "stage") : "",
             stages > 0 && evaluations > 0 ? " and " : "",
             evaluations > 0 ? count(evaluations, "evaluation") : "", how);
}

void print_estimate(const Plan& plan) {
  const auto& cost = plan.cost;
  const bool at_least = cost.lower_bound || cost.num_unknown > 0;
  fmt::print("  estimate     {}, {}{:.3g} device-hours", flops_text(cost.flops), at_least ? "at least " : "",
             cost.hours);
  if (cost.high > cost.low) fmt::print(" (p10 {:.3g}, p90 {:.3g})", cost.low, cost.high);
  if (plan.tflops > 0) fmt::print(" at {} TFLOP/s", plan.tflops);
  fmt::print("\n");
  print_source(cost, CostSource::history,
               fmt::format("from up to {} earlier of the same shape each", cost.most_samples));
  print_source(cost, CostSource::products,
               "from FLOPs at the rate of bare matrix products here, a lower bound;\n"
               "               --tflops X gives the time on a device that reaches X TFLOP/s in training");
  print_source(cost, CostSource::unknown,
               "without history, FLOPs or a device here" +
                   std::string(cost.num_unknown > 0 ? "; --tflops X gives a rate" : ""));
  if (cost.num_at_time_limit > 0)
    fmt::print("               {} counted at the limit of time\n", count(cost.num_at_time_limit, "run"));
}

void print_budget(const BudgetCheck& budget) {
  fmt::print("  budget       {:.4g} device-hours, {:.4g} spent: ", budget.limit, budget.spent);
  if (budget.fits)
    fmt::print("ok\n");
  else
    fmt::print("too little; the first {} fit\n", count(budget.num_fitting_runs, "run"));
}

void print_detectable(const Plan& plan, const Detectable& detectable) {
  fmt::print("  detectable   {} ", detectable.benchmark);
  if (detectable.difference.value_or(0) == 0) {
    fmt::print("unknown: {} under this protocol\n",
               detectable.difference ? "all stored scores are equal"
                                     : "no stored scores of two rows or seeds, as means over prompts,");
    return;
  }
  const auto& axes = plan.experiment->axes;
  const bool seeds = std::any_of(axes.begin(), axes.end(), [](const AxisSummary& axis) {
    return axis.replicate && axis.name == "seed" && axis.num_values > 1;
  });
  const auto& variances = detectable.variances;
  fmt::print("+{:.3g} at 80 % power with {} (variance of {} stored{})\n", *detectable.difference,
             count(detectable.num_repeats, seeds ? "seed" : "run"),
             count(variances.num_row_pairs + variances.num_repeat_pairs, "pair"),
             detectable.num_repeats == 1 || variances.num_repeat_pairs > 0
                 ? ""
                 : ", none of them repeats: seeds are not counted");
}

void print_launch(const Plan& plan) {
  const auto& launch = plan.experiment->launch;
  if (plan.launch.empty()) return;
  fmt::print("  launch       {}, {} at once\n", launch.engine,
             launch.parallel > 0 ? count(launch.parallel, "run") : "one run for each GPU, one on a CPU,");
  for (const auto& shape : plan.launch)
    fmt::print(
        "               {}: {} of device {}{}\n", count(shape.num_runs, "run"), shape.gpus, shape.device,
        shape.time_limit_seconds > 0 ? fmt::format(", {:.4g} h", shape.time_limit_seconds / 3600) : "");
}

void print_names(const char* what, const std::vector<std::string>& names) {
  for (size_t i = 0; i < std::min(names.size(), kMostNames); ++i)
    fmt::print("               {}  {}\n", what, names[i]);
  if (names.size() > kMostNames)
    fmt::print("               {}  and {} more\n", what, names.size() - kMostNames);
}

void print_diff(const Diff& diff) {
  fmt::print("  against      {}: runs: {} new, {} reused, {} changed, {} gone\n", diff.other,
             diff.added.size(), diff.num_reused, diff.changed.size(), diff.gone.size());
  print_names("new", diff.added);
  for (const auto& change : diff.changes)
    fmt::print("               {}: {} {} -> {}\n", count(change.num_runs, "run"), change.key, change.before,
               change.after);
  print_names("gone", diff.gone);
}

}  // namespace

void print_plan(const Plan& plan, const std::optional<Diff>& diff) {
  fmt::print("{}: {}\n", plan.experiment->name, plan.experiment->description);
  print_product(plan);
  for (const auto& run : plan.runs) print_run(run);
  const auto& states = plan.states;
  fmt::print("\n{} runs; {} stages to train, {} finished; results in {}\n", plan.runs.size(),
             states.stages_to_train, states.stages_finished,
             results::database_file(plan.experiment->output).string());
  fmt::print("  evaluations  {} to run, {} reused\n", states.evaluations_to_run, states.evaluations_reused);
  if (states.runs_awaiting > 0)
    fmt::print("  awaiting     {} what is not here yet; all else of them is checked, nothing counted\n",
               count(states.runs_awaiting, "run"));
  print_estimate(plan);
  if (plan.budget) print_budget(*plan.budget);
  for (const auto& detectable : plan.detectable) print_detectable(plan, detectable);
  print_launch(plan);
  if (diff) print_diff(*diff);
}

}  // namespace umm::cli
