// ummbench plan SPEC
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/plan_output.h"
#include "cli/spec_arguments.h"
#include "results/run_folder.h"
#include "umm/error.h"

namespace umm::cli {
namespace {

struct PlanArguments {
  std::shared_ptr<SpecArguments> spec;
  double tflops = 0;  // 0: not given
  std::vector<std::string> histories;
  CLI::Option* diff = nullptr;
  std::string other;  // of --diff; "": what is stored
  bool json = false;
  bool up_to_budget = false;
};

// The other spec comes before this one's plugins are loaded: it may have libraries of its own under the same
// names, and a library that is loaded stays.
std::vector<DiffRun> runs_of_other(const std::string& spec, const std::vector<std::string>& places) {
  return diff_runs_elsewhere([&] {
    const auto files = spec::read_files(spec);
    return read_experiment(files, {}, catalogue_for(files, places));
  });
}

Diff diff_of(const PlanArguments& arguments, const Experiment& experiment, std::vector<DiffRun> before) {
  std::string other = arguments.other;
  if (other.empty()) {
    other = results::database_file(experiment.output).string();
    if (const auto stored = stored_results(experiment)) before = diff_runs(*stored, experiment.name);
  }
  Diff diff = compare_runs(other, before, diff_runs(experiment));
  if (experiment.left_out > 0) diff.gone.clear();  // --only leaves them out, and nothing else does
  return diff;
}

int plan(const PlanArguments& arguments, const std::vector<std::string>& places) {
  std::vector<DiffRun> before;
  if (!arguments.other.empty()) before = runs_of_other(arguments.other, places);
  const auto [catalogue, experiment] = read_spec(*arguments.spec, places);
  std::optional<Diff> diff;
  if (arguments.diff->count() > 0)
    diff = as_input([&] { return diff_of(arguments, experiment, std::move(before)); });
  for (const auto& file : arguments.histories)
    UMM_CHECK_INPUT(std::filesystem::is_regular_file(file), "--history ", file,
                    ": expected a results.sqlite of ummbench, found nothing");
  const Plan plan = as_input([&] {
    return make_plan(
        {experiment, catalogue, arguments.tflops, {arguments.histories.begin(), arguments.histories.end()}});
  });
  for (const auto& warning : plan.warnings) fmt::print(stderr, "{}\n", warning);
  if (arguments.json)
    fmt::print("{}\n", plan_json(plan, diff));
  else
    print_plan(plan, diff);
  if (!plan.budget || plan.budget->fits || arguments.up_to_budget) return 0;
  fmt::print(stderr, "{}\n", budget_error(*plan.budget));
  return 2;
}

}  // namespace

void add_plan(Program& program) {
  CLI::App* command = program.app.add_subcommand(
      "plan", "Checks a spec and lists what would run and what it would cost; starts nothing");
  const auto arguments = std::make_shared<PlanArguments>();
  arguments->spec = add_spec_arguments(*command);
  command
      ->add_option(
          "--tflops", arguments->tflops,
          "TFLOP/s that the device reaches in training, for device-hours (default: what earlier runs "
          "took; else matrix products are timed here, which gives a lower bound)")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--history", arguments->histories,
                   "Another results.sqlite to learn costs and variances from; may be given several times")
      ->allow_extra_args(false);
  arguments->diff =
      command
          ->add_option("--diff", arguments->other,
                       "Another spec: tells which runs are new, reused, changed and in what, and gone; "
                       "without a file, against the runs that are stored of this sweep")
          ->expected(0, 1);
  command->add_flag("--up-to-budget", arguments->up_to_budget,
                    "A budget that is too small is no error; tells how many runs it covers");
  command->add_flag("--json", arguments->json, "The plan for programs (docs/plan.md)");
  command->callback([program, arguments] {
    program.chosen = [program, arguments] { return plan(*arguments, program.plugin_places); };
  });
}

}  // namespace umm::cli
