// Runs an experiment in this process, one run after the other, as a pool would with a process for each.
#pragma once

#include <gmock/gmock.h>

#include "launch/attempt.h"
#include "launch/run_history.h"
#include "launch/submission.h"
#include "launch/worker.h"
#include "results/ingest.h"
#include "results/run_folder.h"

namespace umm::testing {

struct Outcome {
  int64_t failed_runs = 0, trained_stages = 0, made_evaluations = 0;
  bool interrupted = false;
};

inline Outcome run_experiment(const Experiment& experiment, const Catalogue& catalogue) {
  Outcome outcome;
  submit_sweep(experiment, catalogue, "test");
  for (const auto& run : experiment.runs) {
    const auto folder = results::run_folder(experiment.output, run.identity);
    if (is_complete(run, read_history(folder), experiment.output)) continue;
    const auto exit = work_on(run, catalogue, {experiment.output, "test"});
    EXPECT_NE(exit, kWorkerTaken);
    const auto history = read_history(folder);
    outcome.failed_runs += exit == kWorkerFailed;
    outcome.trained_stages += history.trained_stages;
    outcome.made_evaluations += history.made_evaluations;
    outcome.interrupted = exit == kWorkerStopped;
    if (outcome.interrupted) break;
  }
  const auto report = results::Ingester(experiment.output, attempt_is_alive).take_in();
  EXPECT_THAT(report.problems, ::testing::IsEmpty());
  return outcome;
}

}  // namespace umm::testing
