// ummbench plan SPEC
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "cli/commands.h"
#include "cli/spec_arguments.h"
#include "estimate/estimate.h"
#include "estimate/matmul_rate.h"
#include "estimate/shape.h"
#include "evaluate/benchmark.h"
#include "train/device.h"
#include "train/trainer.h"
#include "umm/error.h"

namespace umm::cli {
namespace {

struct PlanArguments {
  std::shared_ptr<SpecArguments> spec;
  double tflops = 0;  // 0: not given
};

std::string short_id(const std::string& identity) {
  return identity.substr(0, 16);
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

// An estimate, or why there is none.
template <typename Estimate>
struct Estimated {
  std::optional<Estimate> value;
  std::string problem;
};

// By cost_shape(): a sweep over learning rates and seeds is rehearsed once.
template <typename Estimate>
using EstimatesByShape = std::map<std::string, Estimated<Estimate>>;

template <typename Estimate, typename Rehearse>
const Estimated<Estimate>& once(EstimatesByShape<Estimate>& known, const std::string& shape,
                                const Rehearse& rehearse) {
  const auto [found, added] = known.try_emplace(shape);
  if (!added) return found->second;
  try {
    found->second.value = rehearse();
  } catch (const ChildFailed& failure) {
    found->second.problem = failure.what();
  }
  return found->second;
}

class Plan {
 public:
  Plan(const Experiment& experiment, const Catalogue& catalogue, double tflops)
      : experiment_(experiment), catalogue_(catalogue), tflops_(tflops) {}

  void print();

 private:
  void print_product() const;
  void print_stage(const RunConfig& run, const StageConfig& stage);
  void print_evaluation(const RunConfig& run, const EvaluationConfig& evaluation);
  const std::vector<EvaluationItem>& items_of(const EvaluationConfig& evaluation);
  std::string cost_text(const RunConfig& run, const std::string& precision, double flops);
  double rate(const RunConfig& run, const std::string& precision);

  const Experiment& experiment_;
  const Catalogue& catalogue_;
  double tflops_;
  std::set<std::string> finished_, to_train_;
  EstimatesByShape<StageEstimate> stages_;
  EstimatesByShape<GenerationEstimate> generations_;
  std::map<std::string, std::vector<EvaluationItem>> items_;  // by protocol
  std::map<std::string, double> measured_;                    // FLOP/s by device and precision
  double flops_ = 0, device_hours_ = 0;
  bool hours_known_ = true;
};

// FLOP/s; 0 where the device is not here.
double Plan::rate(const RunConfig& run, const std::string& precision) {
  if (tflops_ > 0) return tflops_ * 1e12;
  const auto [found, added] = measured_.try_emplace(run.resources.device + " " + precision, 0);
  if (!added) return found->second;
  try {
    const auto device = choose_device(run.resources.device);
    if (run.resources.threads > 0) at::set_num_threads(static_cast<int>(run.resources.threads));
    found->second = matmul_flops_per_second(device, precision_dtype(precision));
  } catch (const InputError&) {
    found->second = 0;
  }
  return found->second;
}

// "1.23 TFLOP, at least 0.0123 device-hours"; adds to the sums.
std::string Plan::cost_text(const RunConfig& run, const std::string& precision, double flops) {
  flops_ += flops;
  const double flops_per_second = rate(run, precision);
  hours_known_ = hours_known_ && flops_per_second > 0;
  if (flops_per_second == 0) return flops_text(flops);
  const double hours = flops / flops_per_second / 3600;
  device_hours_ += hours;
  return fmt::format("{}, {}{:.3g} device-hours", flops_text(flops), tflops_ > 0 ? "" : "at least ", hours);
}

void Plan::print_stage(const RunConfig& run, const StageConfig& stage) {
  const bool done = read_finished_stage(stage_folder(experiment_.output, stage.identity)).has_value();
  const bool first = (done ? finished_ : to_train_).insert(stage.identity).second;
  fmt::print("  stage {}  {:<12} {} updates x {} of {}  {}\n", short_id(stage.identity), stage.name,
             stage.train.updates, stage.train.accumulation, micro_batch_text(stage),
             done    ? "finished, reused"
             : first ? "to train"
                     : "to train once");
  if (done || !first) return;
  try {
    const auto& estimate =
        once(stages_, cost_shape(stage), [&] { return estimate_stage(run, stage, catalogue_); });
    hours_known_ = hours_known_ && estimate.value;
    if (estimate.value)
      fmt::print("        {} images seen, {}\n        {}\n", estimate.value->images_seen,
                 cost_text(run, stage.train.precision, estimate.value->flops), estimate.value->memory.text());
    else
      fmt::print("        no estimate: {}\n", estimate.problem);
  } catch (const Error& error) {
    throw InputError(
        detail::concat("stage ", stage.name, " of run \"", run.name, "\" would fail: ", error.what()));
  }
}

const std::vector<EvaluationItem>& Plan::items_of(const EvaluationConfig& evaluation) {
  const auto [found, added] = items_.try_emplace(evaluation.protocol_hash);
  if (added) found->second = make_benchmark(evaluation, catalogue_).items;
  return found->second;
}

void Plan::print_evaluation(const RunConfig& run, const EvaluationConfig& evaluation) {
  const auto& items = items_of(evaluation);
  fmt::print("  eval  protocol {}  {}: {} prompts x {} pictures", short_id(evaluation.protocol_hash),
             evaluation.name, items.size(), evaluation.images_per_prompt);
  try {
    const auto& estimate = once(generations_, cost_shape(run, evaluation),
                                [&] { return estimate_generation(run, evaluation, items, catalogue_); });
    hours_known_ = hours_known_ && estimate.value;
    if (estimate.value)
      fmt::print(", {}\n", cost_text(run, "fp32", estimate.value->flops));
    else
      fmt::print(", no estimate: {}\n", estimate.problem);
  } catch (const Error& error) {
    throw InputError(detail::concat("\nevaluation ", evaluation.name, " of run \"", run.name,
                                    "\" would fail: ", error.what()));
  }
}

// "2 method = 2 cells, x 3 seed = 6 runs, and 1 reference"
void Plan::print_product() const {
  const auto count = [](int64_t number, const std::string& what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
  };
  std::string cells, replicates;
  int64_t num_cells = 1, num_runs = 1, num_references = 0;
  for (const auto& axis : experiment_.axes) {
    num_runs *= axis.num_values;
    if (axis.replicate) {
      replicates += fmt::format(" x {} {}", axis.num_values, axis.name);
    } else {
      num_cells *= axis.num_values;
      cells += fmt::format("{}{} {}", cells.empty() ? "" : " x ", axis.num_values, axis.name);
    }
  }
  int64_t num_skipped = 0;
  for (const auto& skipped : experiment_.skipped) num_skipped += skipped.num_runs;
  for (const auto& run : experiment_.runs) num_references += run.reference;
  if (!cells.empty()) cells += " = ";
  fmt::print("{}{}{} = {}", cells, count(num_cells, "cell"), replicates.empty() ? "" : "," + replicates,
             count(num_runs, "run"));
  if (num_skipped > 0) fmt::print(", {} skipped", num_skipped);
  if (num_references > 0) fmt::print(", and {}", count(num_references, "reference"));
  fmt::print("\n");
  for (const auto& skipped : experiment_.skipped)
    fmt::print("  skipped {:>4}  {}: {}  ({})\n", skipped.num_runs, skipped.when, skipped.because,
               skipped.place);
  if (experiment_.left_out > 0) fmt::print("  left out by --only {}\n", experiment_.left_out);
  fmt::print("\n");
}

void Plan::print() {
  fmt::print("{}: {}\n", experiment_.name, experiment_.description);
  print_product();
  for (const auto& run : experiment_.runs) {
    fmt::print("run {}  {}{}\n", short_id(run.identity), run.name,
               run.reference ? "  (reference, not trained)" : "");
    for (const auto& stage : run.stages) print_stage(run, stage);
    for (const auto& evaluation : run.evaluations) print_evaluation(run, evaluation);
  }
  fmt::print("\n{} runs; {} stages to train, {} finished; results in {}\n", experiment_.runs.size(),
             to_train_.size(), finished_.size(),
             (std::filesystem::path(experiment_.output) / "results.sqlite").string());
  fmt::print("stages to train and evaluations: {}", flops_text(flops_));
  if (tflops_ > 0)
    fmt::print(", {:.3g} device-hours at {} TFLOP/s\n", device_hours_, tflops_);
  else if (hours_known_)
    fmt::print(
        ", at least {:.3g} device-hours: the time of bare matrix products on this machine;\n"
        "--tflops X gives the time on a device that reaches X TFLOP/s in training\n",
        device_hours_);
  else
    fmt::print("; --tflops X gives the time on a device that reaches X TFLOP/s in training\n");
}

}  // namespace

void add_plan(Program& program) {
  CLI::App* command = program.app.add_subcommand(
      "plan", "Checks a spec and lists what would run and what it would cost; starts nothing");
  const auto arguments = std::make_shared<PlanArguments>();
  arguments->spec = add_spec_arguments(*command);
  command
      ->add_option("--tflops", arguments->tflops,
                   "TFLOP/s that the device reaches in training, for device-hours (default: matrix products "
                   "are timed here, which gives a lower bound)")
      ->check(CLI::PositiveNumber);
  command->callback([program, arguments] {
    program.chosen = [program, arguments] {
      const auto [catalogue, experiment] = read_spec(*arguments->spec, program.plugin_places);
      Plan(experiment, catalogue, arguments->tflops).print();
      return 0;
    };
  });
}

}  // namespace umm::cli
