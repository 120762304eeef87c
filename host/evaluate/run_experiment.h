// Runs an experiment: every run that is not complete yet, one after the other. Results go to
// `<output>/results.sqlite`, whose writer lock keeps a second program out of the folder.
#pragma once

#include <cstdint>
#include <string>

#include "loader/catalogue.h"
#include "spec/experiment.h"

namespace umm {

struct ExperimentOutcome {
  int64_t failed_runs = 0;
  int64_t trained_stages = 0;    // by this call
  int64_t made_evaluations = 0;  // by this call
  bool interrupted = false;      // stopped by SIGINT or SIGTERM; the same call goes on
};

// A run that fails is recorded with its error, and the next one starts.
ExperimentOutcome run_experiment(const Experiment& experiment, const Catalogue& catalogue,
                                 const std::string& program_version);

}  // namespace umm
