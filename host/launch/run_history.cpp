#include "launch/run_history.h"

#include <algorithm>
#include <fstream>
#include <map>

#include "evaluate/evaluate.h"
#include "evaluate/finished.h"
#include "evaluate/image_folder.h"
#include "launch/attempt.h"
#include "results/run_folder.h"
#include "results/stage_under_way.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

// One attempt's journal, added up.
class Reader {
 public:
  Reader(RunHistory& history, const fs::path& output) : history_(history), output_(output) {}

  void read(const fs::path& attempt);

 private:
  void take(const results::Frame& frame);
  void add_costs(const std::vector<results::CostRow>& costs, bool lost);
  void complete();

  RunHistory& history_;
  const fs::path& output_;
  std::optional<results::AttemptEnd> end_;
  std::optional<results::StageUnderWay> stage_;
  std::map<std::string, std::string> unanswered_;  // by evaluation: what it lacks
  double phase_seconds_ = 0;                       // of the phase under way, by its latest report
  int64_t progress_wall_ns_ = 0;
};

void Reader::add_costs(const std::vector<results::CostRow>& costs, bool lost) {
  for (const auto& cost : costs) {
    history_.device_seconds += cost.device_seconds;
    if (lost) history_.lost_device_seconds += cost.device_seconds;
  }
}

void Reader::take(const results::Frame& frame) {
  using namespace results;
  if (frame.type == ProgressFrame::kType) {
    history_.progress = from_payload<ProgressFrame>(frame.payload);
    phase_seconds_ = history_.progress->seconds;
    progress_wall_ns_ = frame.wall_ns;
  } else if (frame.type == StageBegin::kType) {
    phase_seconds_ = 0;
  } else if (frame.type == StageEnd::kType) {
    add_costs(from_payload<StageEnd>(frame.payload).costs, false);
    // They cover the whole stage, and earlier attempts count what they trained of it.
    if (stage_) history_.device_seconds -= stage_->begin.seconds;
    phase_seconds_ = 0;
    ++history_.trained_stages;
  } else if (frame.type == StageStop::kType) {
    add_costs(from_payload<StageStop>(frame.payload).costs, true);
    if (stage_) history_.device_seconds += stage_->seconds_of_process();
    phase_seconds_ = 0;
  } else if (frame.type == EvaluationFrame::kType) {
    const auto made = from_payload<EvaluationFrame>(frame.payload);
    add_costs(made.costs, false);
    phase_seconds_ = 0;
    ++history_.made_evaluations;
    if (const auto text = unanswered_text(made); !text.empty()) unanswered_[made.evaluation.identity] = text;
  } else if (frame.type == AttemptEnd::kType) {
    end_ = from_payload<AttemptEnd>(frame.payload);
  }
  follow(stage_, frame);
}

// Another run that shares an evaluation may have had the answers since.
void Reader::complete() {
  history_.state = RunState::complete;
  history_.evaluations = end_->evaluations;
  for (const auto& [evaluation, text] : unanswered_) {
    if (is_evaluated(output_, evaluation)) continue;
    history_.state = RunState::incomplete;
    history_.error += (history_.error.empty() ? "" : "; ") + text;
  }
}

void Reader::read(const fs::path& attempt) {
  ++history_.num_attempts;
  history_.progress.reset();
  history_.error.clear();
  history_.trained_stages = history_.made_evaluations = 0;
  const bool alive = attempt_is_alive(attempt);
  try {
    results::read_journal(results::journal_file(attempt), [this](const auto& frame) { take(frame); });
  } catch (const results::StoreError& error) {
    if (!alive) history_.error = error.what();
  }
  if (end_ && (end_->outcome == "complete" || end_->outcome == "incomplete")) {
    complete();
  } else if (history_.state == RunState::complete) {
    return;  // what was complete once stays so, whatever a later process was stopped at
  } else if (end_ && end_->outcome == "failed") {
    history_.state = RunState::failed;
    history_.error = end_->error;
  } else if (alive && !end_) {
    history_.state = RunState::running;
    history_.device_seconds += std::max(phase_seconds_, stage_ ? stage_->seconds_of_process() : 0.0);
    history_.seconds_since_progress =
        std::max(0.0, static_cast<double>(results::wall_clock_ns() - progress_wall_ns_) / 1e9);
  } else {
    history_.state = RunState::interrupted;
    if (stage_ && !end_) {
      history_.device_seconds += stage_->seconds_of_process() + stage_->lost_seconds();
      history_.lost_device_seconds += stage_->lost_seconds();
    }
    if (end_) history_.error = end_->error;
    std::ifstream exit(results::exit_file(attempt));
    std::getline(exit, history_.error);
  }
}

}  // namespace

const char* to_text(RunState state) {
  switch (state) {
    case RunState::queued:
      return "queued";
    case RunState::running:
      return "running";
    case RunState::interrupted:
      return "interrupted";
    case RunState::failed:
      return "failed";
    case RunState::incomplete:
      return "incomplete";
    case RunState::complete:
      return "complete";
  }
  return "";
}

bool is_over(RunState state) {
  return state == RunState::complete || state == RunState::incomplete || state == RunState::failed;
}

RunHistory read_history(const fs::path& run_folder) {
  RunHistory history;
  const fs::path output = run_folder.parent_path().parent_path();  // of <output>/runs/<identity>
  for (const auto& [number, attempt] : results::attempt_folders(run_folder))
    Reader(history, output).read(attempt);
  if (history.state == RunState::running) history.owner = claim_holder(run_folder);
  return history;
}

bool is_complete(const RunConfig& run, const RunHistory& history, const fs::path& output) {
  return history.state == RunState::complete && history.evaluations.size() == run.evaluations.size() &&
         std::all_of(run.stages.begin(), run.stages.end(),
                     [&](const StageConfig& stage) { return stage_finished(output, stage); }) &&
         std::all_of(history.evaluations.begin(), history.evaluations.end(),
                     [&](const std::string& identity) { return is_evaluated(output, identity); });
}

}  // namespace umm
