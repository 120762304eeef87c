// One process works on one run: what `ummbench run` starts for each.
#pragma once

#include <filesystem>
#include <string>

#include "loader/catalogue.h"
#include "meter/progress.h"
#include "spec/experiment.h"

namespace umm {

// Exit codes of a process that works on a run. Others: it died.
enum WorkerExit : int {
  kWorkerComplete = 0,
  kWorkerFailed = 1,    // and its journal says why
  kWorkerStopped = 75,  // by a signal; resumable
  kWorkerTaken = 76,    // another process works on the run
};

struct WorkerSettings {
  std::filesystem::path output;
  std::string program_version;
  ProgressOutput progress = ProgressOutput::standard_error();
};

// From the latest resume point to the end of the run, a failure or a stop. What happens goes to the journal
// of a new attempt.
WorkerExit work_on(const RunConfig& run, const Catalogue& catalogue, const WorkerSettings& settings);

}  // namespace umm
