#include "launch/worker.h"

#include "evaluate/run_executor.h"
#include "launch/attempt.h"
#include "launch/submission.h"
#include "process/exception_text.h"
#include "results/run_folder.h"
#include "train/device.h"
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

// A full disk ends the run and its journal both.
void record_failure(RunExecutor& executor, const std::string& message) {
  try {
    executor.record_failure(message);
  } catch (...) {
    log_warning("and this could not be recorded: " + exception_text());
  }
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
    record.add(results::AttemptEnd{"stopped", ""});
    return kWorkerStopped;
  } catch (...) {
    const auto message = exception_text();
    log_warning(run.name + " failed: " + message);
    record_failure(executor, message);
    return kWorkerFailed;
  }
}

}  // namespace umm
