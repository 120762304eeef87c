// ummbench plan SPEC, ummbench run SPEC
#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "cli/catalogue.h"
#include "cli/commands.h"
#include "evaluate/run_experiment.h"
#include "spec/experiment.h"
#include "spec/read.h"
#include "train/trainer.h"
#include "umm/log.h"

namespace umm::cli {
namespace {

struct SpecArguments {
  std::string spec;
  std::vector<std::string> sets;
};

std::shared_ptr<SpecArguments> add_spec_arguments(CLI::App& command) {
  auto arguments = std::make_shared<SpecArguments>();
  command.add_option("spec", arguments->spec, "Experiment file (TOML)")->required();
  command
      .add_option("--set", arguments->sets,
                  "key=value over the file, e.g. --set seed=3 --set train.updates=20")
      ->allow_extra_args(false);
  return arguments;
}

Experiment read_with_warnings(const SpecArguments& arguments, const Catalogue& catalogue) {
  Experiment experiment = read_experiment(arguments.spec, arguments.sets, catalogue);
  for (const auto& warning : experiment.warnings) fmt::print(stderr, "{}\n", warning);
  return experiment;
}

std::string short_id(const std::string& identity) {
  return identity.substr(0, 16);
}

std::filesystem::path stage_folder(const Experiment& experiment, const StageConfig& stage) {
  return std::filesystem::path(experiment.output) / "stages" / short_id(stage.identity);
}

std::string micro_batch_text(const StageConfig& stage) {
  std::string text;
  for (const auto& [name, flow] : stage.flows) {
    text += fmt::format("{}{} {}", text.empty() ? "" : " + ", flow.batch_size, name);
  }
  return text;
}

// Samples that the stage draws from its flows in all.
int64_t samples_drawn(const StageConfig& stage) {
  const int64_t num_iterations = stage.train.updates * stage.train.accumulation;
  int64_t each = 0;
  for (const auto& [name, flow] : stage.flows) each += flow.batch_size;
  const auto& cycle = stage.train.flow_cycle;
  if (cycle.empty()) return num_iterations * each;
  int64_t samples = 0;
  const auto length = static_cast<int64_t>(cycle.size());
  for (int64_t i = 0; i < length; ++i)
    for (const auto& name : cycle[static_cast<size_t>(i)])
      samples += (num_iterations / length + (i < num_iterations % length)) * stage.flows.at(name).batch_size;
  return samples;
}

int plan(const SpecArguments& arguments, const std::vector<std::string>& folders) {
  const Catalogue catalogue = load_catalogue(folders);
  const Experiment experiment = read_with_warnings(arguments, catalogue);
  fmt::print("{}: {}\n\n", experiment.name, experiment.description);
  std::set<std::string> finished, to_train;
  for (const auto& run : experiment.runs) {
    fmt::print("run {}  {}{}\n", short_id(run.identity), run.label,
               run.reference ? "  (reference, not trained)" : "");
    for (const auto& stage : run.stages) {
      const bool done = read_finished_stage(stage_folder(experiment, stage)).has_value();
      (done ? finished : to_train).insert(stage.identity);
      fmt::print("  stage {}  {:<12} {} updates x {} of {}, {} samples in all  {}\n",
                 short_id(stage.identity), stage.name, stage.train.updates, stage.train.accumulation,
                 micro_batch_text(stage), samples_drawn(stage), done ? "finished, reused" : "to train");
    }
    for (const auto& evaluation : run.evaluations) {
      fmt::print("  eval  protocol {}  {}: {} images per prompt\n", short_id(evaluation.protocol_hash),
                 evaluation.name, evaluation.images_per_prompt);
    }
  }
  fmt::print("\n{} runs; {} stages to train, {} finished; results in {}\n", experiment.runs.size(),
             to_train.size(), finished.size(),
             (std::filesystem::path(experiment.output) / "results.sqlite").string());
  return 0;
}

int run(const SpecArguments& arguments, const std::vector<std::string>& folders) {
  const Catalogue catalogue = load_catalogue(folders);
  const Experiment experiment = read_with_warnings(arguments, catalogue);
  const ExperimentOutcome outcome = run_experiment(experiment, catalogue, UMM_PROGRAM_VERSION);
  const std::string database = (std::filesystem::path(experiment.output) / "results.sqlite").string();
  fmt::print("{}: {} runs, {} stages trained, {} evaluations made, {} failed; results in {}\n",
             experiment.name, experiment.runs.size(), outcome.trained_stages, outcome.made_evaluations,
             outcome.failed_runs, database);
  if (outcome.interrupted) {
    fmt::print("stopped by request; the same command goes on where it stopped\n");
    return 1;
  }
  return outcome.failed_runs == 0 ? 0 : 1;
}

}  // namespace

void add_plan(Program& program) {
  CLI::App* command =
      program.app.add_subcommand("plan", "Checks a spec and lists what would run; starts nothing");
  const auto arguments = add_spec_arguments(*command);
  command->callback([program, arguments] {
    program.chosen = [program, arguments] { return plan(*arguments, program.plugin_folders); };
  });
}

void add_run(Program& program) {
  CLI::App* command = program.app.add_subcommand("run", "Trains and evaluates what is not there yet");
  const auto arguments = add_spec_arguments(*command);
  command->callback([program, arguments] {
    program.chosen = [program, arguments] { return run(*arguments, program.plugin_folders); };
  });
}

}  // namespace umm::cli
