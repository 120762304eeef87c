// ummbench run SPEC
#include <fmt/format.h>

#include <filesystem>

#include "cli/commands.h"
#include "cli/spec_arguments.h"
#include "evaluate/run_experiment.h"

namespace umm::cli {
namespace {

int run(const SpecArguments& arguments, const std::vector<std::string>& places) {
  const auto [catalogue, experiment] = read_spec(arguments, places);
  const ExperimentOutcome outcome = run_experiment(experiment, catalogue, UMM_PROGRAM_VERSION);
  const std::string database = (std::filesystem::path(experiment.output) / "results.sqlite").string();
  fmt::print("{}: {} runs, {} stages trained, {} evaluations made, {} failed; results in {}\n",
             experiment.name, experiment.runs.size(), outcome.trained_stages, outcome.made_evaluations,
             outcome.failed_runs, database);
  if (outcome.interrupted) {
    fmt::print("stopped by request; the same command goes on where it stopped\n");
    return kStopped;
  }
  return outcome.failed_runs == 0 ? 0 : 1;
}

}  // namespace

void add_run(Program& program) {
  CLI::App* command = program.app.add_subcommand("run", "Trains and evaluates what is not there yet");
  const auto arguments = add_spec_arguments(*command);
  command->callback([program, arguments] {
    program.chosen = [program, arguments] { return run(*arguments, program.plugin_places); };
  });
}

}  // namespace umm::cli
