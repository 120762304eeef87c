// The local pool: the runs of an experiment as processes of this machine, a few at a time. All state lies in
// the output folder, so pools may come and go: a second one joins, and a run whose process died is taken up
// by whoever sees it first.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "loader/catalogue.h"
#include "spec/experiment.h"

namespace umm {

struct PoolOptions {
  std::string program_version;
  std::set<std::string> only;  // identities; empty: all runs
};

struct FailedRun {
  std::string name, error, signature;
};

struct IncompleteRun {
  std::string name, reason;  // which answers it lacks
};

struct PoolOutcome {
  int64_t trained_stages = 0;    // by processes of this pool
  int64_t made_evaluations = 0;  // by processes of this pool
  std::vector<FailedRun> failed;
  std::vector<IncompleteRun> incomplete;  // the same command asks again
  std::vector<std::string> waiting;       // names of runs that await what is not built or not here
  int64_t not_started = 0;                // runs for which the budget had nothing left
  double spent_device_hours = 0;          // of the sweep
  bool stopped = false;                   // by a signal; the same command goes on
};

// Trains and evaluates what is not there yet. A run that fails is recorded with its error, and the next one
// starts. Error: nothing could be laid down in the output folder.
PoolOutcome run_pool(const Experiment& experiment, const Catalogue& catalogue, const PoolOptions& options);

}  // namespace umm
