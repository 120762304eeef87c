#include "evaluate/run_experiment.h"

#include "evaluate/run_executor.h"
#include "process/exception_text.h"
#include "train/files.h"
#include "train/stop.h"
#include "umm/log.h"

namespace umm {
namespace {

void put_run(results::Store& store, const Experiment& experiment, const RunConfig& run,
             const std::string& program_version) {
  std::vector<results::StageRow> stages;
  for (const auto& stage : run.stages) {
    stages.push_back({stage.identity, stage.name, stage.method.id, stage.canonical});
  }
  store.put_run({.identity = run.identity,
                 .sweep = experiment.name,
                 .label = run.label,
                 .reference = run.reference,
                 .architecture = run.architecture.id,
                 .method = run.stages.empty() ? "" : run.stages.back().method.id,
                 .seed = static_cast<int64_t>(run.seed),
                 .axes = run.axes,
                 .replicate_axes = run.replicate_axes,
                 .canonical_config = run.canonical,
                 .program_version = program_version},
                stages);
}

// False: stopped by request. The only place where a run's failure ends.
bool execute(RunContext& context, const RunConfig& run, int64_t& failed_runs) {
  RunExecutor executor(context, run);
  try {
    return executor.execute();
  } catch (...) {
    const auto message = exception_text();
    log_warning(run.name + " failed: " + message);
    executor.record_failure(message);
    context.store.fail_run(run.identity, message);
    ++failed_runs;
    return true;
  }
}

}  // namespace

ExperimentOutcome run_experiment(const Experiment& experiment, const Catalogue& catalogue,
                                 const std::string& program_version) {
  make_folders(experiment.output);
  auto store = results::Store::open((std::filesystem::path(experiment.output) / "results.sqlite").string());
  install_stop_handlers();
  store.put_sweep({experiment.name, experiment.description, experiment.spec_path, experiment.spec_text});
  for (const auto& run : experiment.runs) put_run(store, experiment, run, program_version);

  RunContext context{experiment, catalogue, store};
  ExperimentOutcome outcome;
  for (const auto& run : experiment.runs) {
    outcome.interrupted = stop_requested() || !execute(context, run, outcome.failed_runs);
    if (outcome.interrupted) break;
  }
  outcome.trained_stages = context.trained_stages;
  outcome.made_evaluations = context.made_evaluations;
  return outcome;
}

}  // namespace umm
