// ummbench run SPEC, ummbench retry SPEC --signature S
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "cli/commands.h"
#include "cli/spec_arguments.h"
#include "launch/pool.h"
#include "launch/status.h"
#include "results/run_folder.h"
#include "train/stop.h"
#include "umm/error.h"

namespace umm::cli {
namespace {

struct RunArguments {
  std::shared_ptr<SpecArguments> spec;
  int64_t parallel = -1;  // not given
  std::vector<std::string> signatures;
};

void print(const Experiment& experiment, const PoolOutcome& outcome) {
  fmt::print("{}: {} runs, {} stages trained, {} evaluations made, {} failed; results in {}\n",
             experiment.name, experiment.runs.size(), outcome.trained_stages, outcome.made_evaluations,
             outcome.failed.size(), results::database_file(experiment.output).string());
  for (const auto& failed : outcome.failed)
    fmt::print("failed [{}] {}: {}\n", failed.signature, failed.name, failed.error);
  for (const auto& run : outcome.incomplete)
    fmt::print("not complete {}: {}; the same command asks again\n", run.name, run.reason);
  if (!outcome.waiting.empty())
    fmt::print("{} runs wait for what is not here yet; `ummbench plan` says for what\n",
               outcome.waiting.size());
  if (outcome.not_started > 0)
    fmt::print("{} runs were not started: {:.4g} of the budget's {} device-hours are spent\n",
               outcome.not_started, outcome.spent_device_hours, experiment.budget.gpu_hours);
  if (outcome.stopped) fmt::print("stopped by request; the same command goes on where it stopped\n");
}

// Identities of the runs that failed with these signatures.
std::set<std::string> failed_runs(const Experiment& experiment, const std::vector<std::string>& signatures) {
  std::set<std::string> runs;
  std::vector<std::string> known;
  for (const auto& group : group_failures(read_status(experiment.output, experiment.name).front())) {
    known.push_back(group.signature);
    if (signatures.empty() ||
        std::find(signatures.begin(), signatures.end(), group.signature) != signatures.end())
      runs.insert(group.identities.begin(), group.identities.end());
  }
  UMM_CHECK_INPUT(!known.empty(), "no run of ", experiment.name, " has failed");
  for (const auto& wanted : signatures)
    UMM_CHECK_INPUT(std::find(known.begin(), known.end(), wanted) != known.end(), "no run of ",
                    experiment.name, " failed with signature \"", wanted,
                    "\"; there are: ", fmt::format("{}", fmt::join(known, ", ")));
  return runs;
}

int run(const RunArguments& arguments, bool only_failed, const std::vector<std::string>& places) {
  auto [catalogue, experiment] = read_spec(*arguments.spec, places);
  if (arguments.parallel >= 0) experiment.launch.parallel = arguments.parallel;
  install_stop_handlers();
  PoolOptions options{UMM_PROGRAM_VERSION, {}};
  if (only_failed) options.only = failed_runs(experiment, arguments.signatures);
  const PoolOutcome outcome = run_pool(experiment, catalogue, options);
  print(experiment, outcome);
  if (outcome.stopped) return kStopped;
  const bool all = outcome.failed.empty() && outcome.incomplete.empty() && outcome.waiting.empty() &&
                   outcome.not_started == 0;
  return all ? 0 : 1;
}

std::shared_ptr<RunArguments> add_arguments(CLI::App& command) {
  const auto arguments = std::make_shared<RunArguments>();
  arguments->spec = add_spec_arguments(command);
  arguments->spec->changes.origins = true;
  command
      .add_option("--parallel", arguments->parallel,
                  "Processes at once, over the spec's [launch]; 0: one for each GPU, one on a CPU")
      ->check(CLI::Range(0, 1024));
  return arguments;
}

}  // namespace

void add_run(Program& program) {
  CLI::App* command = program.app.add_subcommand("run", "Trains and evaluates what is not there yet");
  const auto arguments = add_arguments(*command);
  command->callback([program, arguments] {
    program.chosen = [program, arguments] { return run(*arguments, false, program.plugin_places); };
  });
}

void add_retry(Program& program) {
  CLI::App* command = program.app.add_subcommand("retry", "Runs those runs again that failed, and no others");
  const auto arguments = add_arguments(*command);
  command
      ->add_option("--signature", arguments->signatures,
                   "Only failures of this kind, as `ummbench status` shows them (default: all)")
      ->allow_extra_args(false);
  command->callback([program, arguments] {
    program.chosen = [program, arguments] { return run(*arguments, true, program.plugin_places); };
  });
}

}  // namespace umm::cli
