#include "launch/worker.h"

#include "evaluate/run_executor.h"
#include "launch/attempt.h"
#include "launch/submission.h"
#include "process/exception_text.h"
#include "results/run_folder.h"
#include "train/device.h"
#include "train/stop.h"
#include "umm/error.h"
#include "umm/log.h"

namespace umm {
namespace {

void check_device(const ResourceConfig& resources) {
  if (resources.gpu_models.empty()) return;
  const std::string name = device_name(choose_device(resources.device));
  if (resources.allows(name)) return;
  std::string models;
  for (const auto& model : resources.gpu_models) models += (models.empty() ? "" : ", ") + model;
  throw InputError("resources.gpu_model asks for " + models + "; this device is: " + name);
}

// What was thrown, which is over where a stop was asked for: plugins that wait give up by throwing
// (umm/stop.h). A full disk ends the run and its journal both.
WorkerExit record_thrown(RunExecutor& executor, const std::string& run, const std::string& message) {
  const bool stopped = stop_requested();
  log_warning(run + (stopped ? " stopped by request: " : " failed: ") + message);
  try {
    if (stopped)
      executor.record_stop("stopped by request: " + message);
    else
      executor.record_failure(message);
  } catch (...) {
    log_warning("and this could not be recorded: " + exception_text());
  }
  return stopped ? kWorkerStopped : kWorkerFailed;
}

}  // namespace

WorkerExit work_on(const RunConfig& run, const Catalogue& catalogue, const WorkerSettings& settings) {
  const auto attempt = begin_attempt(results::run_folder(settings.output, run.identity));
  if (!attempt) return kWorkerTaken;
  RunRecord record(run, attempt->folder, attempt->number, settings.program_version, settings.progress);
  RunExecutor executor(run, catalogue, settings.output, record);
  try {
    check_inputs(run);
    check_device(run.resources);
    if (executor.execute()) return kWorkerComplete;
    executor.record_stop("");
    return kWorkerStopped;
  } catch (...) {
    return record_thrown(executor, run.name, exception_text());
  }
}

}  // namespace umm
