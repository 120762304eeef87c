#include "launch/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <list>
#include <optional>
#include <thread>

#include "evaluate/finished.h"
#include "launch/pool_shape.h"
#include "launch/run_history.h"
#include "launch/spending.h"
#include "launch/start_worker.h"
#include "launch/submission.h"
#include "launch/sweep_records.h"
#include "launch/worker.h"
#include "process/claim.h"
#include "results/failure_signature.h"
#include "results/run_folder.h"
#include "train/files.h"
#include "train/stop.h"
#include "umm/log.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kLookEvery{50};
constexpr std::chrono::seconds kReportEvery{10};  // to whoever watches, and from journals into the database
constexpr int64_t kMostDeaths = 3;                // of processes of one run, before it counts as failed

struct Job {
  const RunConfig* run = nullptr;
  int64_t deaths = 0;
};

struct RunningJob {
  Job job;
  size_t slot = 0;
  WorkerProcess process;
  bool over_time = false;
};

class Pool {
 public:
  Pool(const Experiment& experiment, const Catalogue& catalogue, const PoolOptions& options);

  PoolOutcome run();

 private:
  bool launch_next();
  bool may_launch(const RunConfig& run);
  bool within_budget() const;
  bool is_done(const RunConfig& run);
  void launch(const Job& job, size_t slot);
  void collect();
  void take_result(RunningJob& running, int exit_code);
  void note_death(const Job& job, int exit_code);
  void fail(const RunConfig& run, const std::string& error);
  void watch_time(RunningJob& running);
  void report();
  std::optional<size_t> free_slot() const;
  fs::path folder_of(const RunConfig& run) const {
    return results::run_folder(experiment_.output, run.identity);
  }
  bool alone() const { return shape_.gpus.size() == 1; }

  const Experiment& experiment_;
  const Catalogue& catalogue_;
  const PoolOptions& options_;
  PoolShape shape_;
  SweepRecords records_;
  std::optional<FrozenProgram> program_;
  std::list<Job> queue_;
  std::list<RunningJob> running_;
  std::set<std::string> elsewhere_;  // names of runs that other pools work on
  Spending spending_;
  PoolOutcome outcome_;
  size_t num_done_ = 0, num_runs_ = 0;
  std::chrono::steady_clock::time_point reported_;
};

Pool::Pool(const Experiment& experiment, const Catalogue& catalogue, const PoolOptions& options)
    : experiment_(experiment),
      catalogue_(catalogue),
      options_(options),
      shape_(pool_shape(experiment)),
      records_(experiment.output),
      spending_(experiment.output) {
  std::set<std::string> seen;
  for (const auto& run : experiment.runs) {
    if (!options.only.empty() && !options.only.contains(run.identity)) continue;
    if (!run.awaits.empty()) {
      outcome_.waiting.push_back(run.name);
      continue;
    }
    if (!seen.insert(run.identity).second) continue;  // two names for one result
    if (is_done(run))
      ++num_done_;
    else
      queue_.push_back({&run});
  }
  num_runs_ = num_done_ + queue_.size();
}

bool Pool::is_done(const RunConfig& run) {
  const auto history = read_history(folder_of(run));
  const bool done = is_complete(run, history, experiment_.output);
  spending_.note(run, history, done);
  return done;
}

bool Pool::within_budget() const {
  std::vector<const RunConfig*> under_way;
  for (const auto& running : running_) under_way.push_back(running.job.run);
  const double limit = experiment_.budget.gpu_hours;
  return limit <= 0 || spending_.device_hours(under_way) < limit;
}

std::optional<size_t> Pool::free_slot() const {
  for (size_t slot = 0; slot < shape_.gpus.size(); ++slot)
    if (std::none_of(running_.begin(), running_.end(), [&](const auto& job) { return job.slot == slot; }))
      return slot;
  return std::nullopt;
}

// Not where it would only wait: another process has the run, or one of ours makes a stage that it needs.
bool Pool::may_launch(const RunConfig& run) {
  for (const auto& stage : run.stages)
    for (const auto& other : running_)
      for (const auto& made : other.job.run->stages)
        if (made.identity == stage.identity && !stage_finished(experiment_.output, stage)) return false;
  const auto holder = claim_holder(folder_of(run));
  if (holder && elsewhere_.insert(run.name).second)
    log_info(run.name + ": " + holder->name() + " works on it");
  return !holder;
}

bool Pool::launch_next() {
  const auto slot = free_slot();
  if (!slot || queue_.empty()) return false;
  const auto next =
      std::find_if(queue_.begin(), queue_.end(), [&](const Job& job) { return may_launch(*job.run); });
  if (next == queue_.end()) return false;
  const Job job = *next;
  // It may have been finished elsewhere since it was queued.
  if (elsewhere_.contains(job.run->name) && is_done(*job.run)) {
    queue_.erase(next);
    ++num_done_;
    return true;
  }
  if (!within_budget()) {
    outcome_.not_started = static_cast<int64_t>(queue_.size());
    log_warning(fmt::format("{}: the budget of {} gpu_hours is spent ({}); {} runs are not started",
                            experiment_.name, experiment_.budget.gpu_hours, experiment_.budget.place,
                            outcome_.not_started));
    queue_.clear();
    return false;
  }
  queue_.erase(next);
  launch(job, *slot);
  return true;
}

void Pool::launch(const Job& job, size_t slot) {
  if (!program_) program_ = freeze_program(experiment_, catalogue_);
  RunConfig run = *job.run;
  // Processes beside each other share the cores, unless the spec says how many each takes.
  if (run.resources.threads == 0 && !alone())
    run.resources.threads =
        std::max<int64_t>(1, static_cast<int64_t>(std::thread::hardware_concurrency() / shape_.gpus.size()));
  freeze_run(run, experiment_.output, catalogue_, *program_);
  const int gpu = takes_any_gpu(run) ? shape_.gpus[slot] : -1;
  const fs::path log = alone() ? fs::path() : folder_of(run) / "log.txt";
  if (!alone()) log_info(run.name + ": starts; its log is " + log.string());
  running_.push_back({job, slot, start_worker(*program_, experiment_.output, run, gpu, log)});
}

void Pool::collect() {
  const auto ended = running_.remove_if([&](RunningJob& job) {
    watch_time(job);
    const auto exit_code = job.process.exit_code();
    if (exit_code) take_result(job, *exit_code);
    return exit_code.has_value();
  });
  if (ended > 0) records_.take_in();
}

void Pool::watch_time(RunningJob& running) {
  const double limit = running.job.run->resources.time_limit_seconds;
  if (limit <= 0 || running.over_time || running.process.seconds() < limit) return;
  running.over_time = true;
  running.process.ask_to_stop();
}

void Pool::take_result(RunningJob& running, int exit_code) {
  const RunConfig& run = *running.job.run;
  const auto history = read_history(folder_of(run));
  spending_.note(run, history, exit_code == kWorkerComplete);
  if (exit_code != kWorkerTaken) {
    outcome_.trained_stages += history.trained_stages;
    outcome_.made_evaluations += history.made_evaluations;
  }
  switch (exit_code) {
    case kWorkerComplete:
      ++num_done_;
      if (history.state == RunState::incomplete) outcome_.incomplete.push_back({run.name, history.error});
      if (alone()) return;
      if (history.state == RunState::incomplete) return log_warning(run.name + ": " + history.error);
      return log_info(run.name + ": complete");
    case kWorkerTaken:
      queue_.push_back(running.job);
      return;
    case kWorkerStopped:
      if (running.over_time)
        fail(run,
             fmt::format("stopped after resources.time = {} s; resumable", run.resources.time_limit_seconds));
      else if (!stop_requested())
        queue_.push_back(running.job);  // somebody else told that process alone to stop
      return;
    case kWorkerFailed:
      if (history.state == RunState::failed) return fail(run, history.error);
      return fail(run, "its process could not record what it did" +
                           (alone() ? std::string() : "; see " + (folder_of(run) / "log.txt").string()));
    default:
      note_death(running.job, exit_code);
  }
}

// What the process could not say itself.
void Pool::note_death(const Job& job, int exit_code) {
  const std::string how = how_it_ended(exit_code);
  const auto attempts = results::attempt_folders(folder_of(*job.run));
  if (!attempts.empty()) std::ofstream(results::exit_file(attempts.rbegin()->second)) << how;
  if (stop_requested()) return;
  if (exit_code <= kSignalled) return fail(*job.run, how);
  if (job.deaths + 1 >= kMostDeaths)
    return fail(*job.run, fmt::format("{} times in a row: {}", kMostDeaths, how));
  log_warning(job.run->name + ": " + how + "; it goes on from its latest resume point");
  queue_.push_front({job.run, job.deaths + 1});
}

void Pool::fail(const RunConfig& run, const std::string& error) {
  ++num_done_;
  const std::string signature = results::failure_signature(error);
  if (!alone()) log_warning(fmt::format("{} failed [{}]: {}", run.name, signature, error));
  outcome_.failed.push_back({run.name, error, signature});
}

// Beside each other the processes write logs; here is said how far they have come.
void Pool::report() {
  const auto now = std::chrono::steady_clock::now();
  if (now - reported_ < kReportEvery) return;
  reported_ = now;
  records_.take_in();
  if (alone() || running_.empty()) return;
  std::string text = fmt::format("{}: {} of {} runs done", experiment_.name, num_done_, num_runs_);
  for (const auto& running : running_)
    if (const auto progress = read_history(folder_of(*running.job.run)).progress)
      text += fmt::format("\n  {} {}/{} {}, {}", progress->phase, progress->done, progress->total,
                          progress->unit, progress->note);
  log_info(text);
}

PoolOutcome Pool::run() {
  submit_sweep(experiment_, catalogue_, options_.program_version);
  records_.take_in();
  reported_ = std::chrono::steady_clock::now();
  while (!queue_.empty() || !running_.empty()) {
    if (stop_requested()) {
      queue_.clear();
      outcome_.stopped = true;
      for (auto& running : running_) running.process.ask_to_stop();
    }
    while (launch_next()) {
    }
    collect();
    report();
    if (!running_.empty() || !queue_.empty()) std::this_thread::sleep_for(kLookEvery);
  }
  outcome_.stopped = outcome_.stopped || stop_requested();
  records_.take_in_for_good();
  outcome_.spent_device_hours = spending_.device_hours({});
  return std::move(outcome_);
}

}  // namespace

PoolOutcome run_pool(const Experiment& experiment, const Catalogue& catalogue, const PoolOptions& options) {
  make_folders(experiment.output);
  return Pool(experiment, catalogue, options).run();
}

}  // namespace umm
