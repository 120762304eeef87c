#include "results/ingest.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "results/database.h"
#include "results/reported.h"
#include "results/run_folder.h"

namespace umm::results {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKilled = "the process was killed";

// What the open stage of a journal had come to when its writer died.
struct OpenStage {
  StageBegin begin;
  double kept = 0;           // seconds, by a resume point
  double seen = 0;           // seconds, by the latest report
  int64_t last_wall_ns = 0;  // of the last frame
};

std::optional<OpenStage> open_stage(const fs::path& journal) {
  std::optional<OpenStage> open;
  read_journal(journal, [&](const Frame& frame) {
    if (frame.type == StageBegin::kType) {
      const auto begin = from_payload<StageBegin>(frame.payload);
      open = OpenStage{begin, begin.seconds, begin.seconds, 0};
    } else if (frame.type == StageEnd::kType || frame.type == StageStop::kType) {
      open.reset();
    } else if (open && frame.type == ResumePoint::kType) {
      open->kept = from_payload<ResumePoint>(frame.payload).seconds;
    } else if (open && frame.type == ProgressFrame::kType) {
      open->seen = open->begin.seconds + from_payload<ProgressFrame>(frame.payload).seconds;
    }
    if (open) open->last_wall_ns = frame.wall_ns;
  });
  return open;
}

}  // namespace

Ingester::Ingester(fs::path output, IsAlive is_alive)
    : output_(std::move(output)),
      is_alive_(std::move(is_alive)),
      store_(Store::open(database_file(output_).string())) {}

IngestReport Ingester::take_in() {
  // All of a pass or nothing: what was found at its end belongs to frames that are not read again.
  Transaction transaction(store_.handle(), "taking in journals");
  IngestReport report;
  found_.clear();
  take_in_sweeps(report);
  std::vector<fs::path> runs;
  std::error_code failed;
  for (fs::directory_iterator entry(output_ / "runs", failed), end; !failed && entry != end;
       entry.increment(failed))
    runs.push_back(entry->path());
  std::sort(runs.begin(), runs.end());
  for (const auto& run : runs)
    for (const auto& [number, folder] : attempt_folders(run)) {
      try {
        take_in_attempt(run.filename().string(), number, folder, report);
      } catch (const StoreError& error) {
        report.problems.emplace_back(error.what());
      }
    }
  take_in_found(report);
  take_in_reported(store_, output_, report.problems);
  transaction.commit();
  return report;
}

void Ingester::take_in_sweeps(IngestReport& report) {
  for (const auto& file : sweep_files(output_)) {
    try {
      std::string text = read_file(file);
      if (sweeps_[file] == text) continue;
      const SubmittedSweep submitted = sweep_from_text(text, file.string());
      Transaction transaction(store_.handle(), "storing a sweep");
      store_.put_sweep(submitted.sweep);
      for (const auto& [run, stages] : submitted.runs) store_.put_run(run, stages);
      put_submission(store_, submitted);
      transaction.commit();
      sweeps_[file] = std::move(text);
    } catch (const StoreError& error) {
      report.problems.emplace_back(error.what());
    }
  }
}

// `run`: the name of its folder, the first digits of its identity.
void Ingester::take_in_attempt(const std::string& run, int64_t number, const fs::path& folder,
                               IngestReport& report) {
  JournalRow row = store_.journal_in_folder(run, number);
  if (row.closed) return;
  // Asked first: what a process wrote before it died is then all in the file.
  const bool alive = is_alive_(folder);
  const fs::path file = journal_file(folder);
  if (!fs::exists(file)) return;
  AttemptRow attempt{.stage = "", .run = row.run, .number = number};
  Transaction transaction(store_.handle(), "taking in a journal");
  const size_t found_before = found_.size();
  bool ended = false;
  int64_t frames = 0;
  JournalEnd end;
  try {
    end = read_journal(file,
                       [&](const Frame& frame) {
                         take_in_frame(frame, attempt);
                         ended = frame.type == AttemptEnd::kType;
                         ++frames;
                       },
                       {row.next_offset, row.next_sequence, JournalEnd::kWhole});
  } catch (const StoreError& error) {
    found_.resize(found_before);
    throw StoreError(fmt::format("{}: {}", file.string(), error.what()));
  }
  report.frames += frames;
  report.journals += frames > 0;
  if (end.tail == JournalEnd::kDamaged) {
    row.problem = fmt::format("damaged at byte {}: the frames behind it are not read", end.offset);
    report.problems.push_back(fmt::format("{}: {}", file.string(), row.problem));
  }
  row.closed = ended || !alive;
  if (attempt.run.empty()) return;  // not even its first frame is whole
  if (!row.closed && frames == 0) return;
  if (!ended && row.closed) close_journal(folder, attempt);
  row.run = attempt.run;
  row.number = number;
  row.next_offset = end.offset;
  row.next_sequence = end.sequence;
  store_.put_journal(row);
  transaction.commit();
}

void Ingester::take_in_frame(const Frame& frame, AttemptRow& attempt) {
  const std::string utc = utc_text(frame.wall_ns);
  if (frame.type == AttemptFrame::kType) {
    const auto begin = from_payload<AttemptFrame>(frame.payload);
    attempt.run = begin.run.identity;
    attempt.host = begin.host;
    store_.put_run(begin.run, begin.stages);
    store_.fail_run(attempt.run, "");
  } else if (attempt.run.empty()) {
    throw StoreError(fmt::format("frame {} comes before the one that names the run", frame.sequence));
  } else if (frame.type == StageBegin::kType) {
    attempt.stage = from_payload<StageBegin>(frame.payload).stage;
    attempt.started_utc = utc;
    store_.begin_attempt(attempt);
  } else if (frame.type == StageEnd::kType) {
    const auto stage = from_payload<StageEnd>(frame.payload);
    attempt.stage = stage.stage;
    // A stage has one complete attempt; a second one trained what was removed, or what it could not see.
    if (const auto id = store_.running_attempt(attempt); id && !store_.stage_complete(stage.stage))
      store_.finish_attempt(*id, stage.totals, stage.costs, stage.curves, utc);
    else if (id)
      store_.interrupt_attempt(*id, "interrupted", "the stage was complete already", stage.costs, utc);
  } else if (frame.type == StageStop::kType) {
    const auto stop = from_payload<StageStop>(frame.payload);
    attempt.stage = stop.stage;
    if (const auto id = store_.running_attempt(attempt))
      store_.interrupt_attempt(*id, stop.status, stop.error, stop.costs, utc);
  } else if (frame.type == StageEnd::kFound) {
    attempt.started_utc = utc;
    found_.push_back({attempt, from_payload<StageEnd>(frame.payload), ""});
  } else if (frame.type == EvaluationFrame::kType) {
    auto evaluation = from_payload<EvaluationFrame>(frame.payload);
    evaluation.evaluation.created_utc = utc;
    store_.put_evaluation(attempt.run, evaluation.evaluation, evaluation.items, evaluation.evidence,
                          evaluation.scores, evaluation.costs);
  } else if (frame.type == EvaluationFound::kType) {
    found_.push_back({attempt, {}, from_payload<EvaluationFound>(frame.payload).evaluation});
  } else if (frame.type == AttemptEnd::kType) {
    const auto end = from_payload<AttemptEnd>(frame.payload);
    if (end.outcome == "failed") store_.fail_run(attempt.run, end.error);
  }
  // Other types tell how far a phase has come, or are from a later program.
}

// The process died; what it had open is lost but for what a resume point kept.
void Ingester::close_journal(const fs::path& folder, const AttemptRow& attempt) {
  const auto open = open_stage(journal_file(folder));
  if (!open) return;
  AttemptRow key = attempt;
  key.stage = open->begin.stage;
  const auto id = store_.running_attempt(key);
  if (!id) return;
  std::string error = kKilled;
  if (fs::exists(exit_file(folder))) error = read_file(exit_file(folder));
  CostRow lost{.phase = "train", .device_name = open->begin.device};
  lost.device_seconds = std::max(open->seen - open->kept, 0.0);
  store_.interrupt_attempt(*id, "interrupted", error, {lost}, utc_text(open->last_wall_ns));
}

void Ingester::take_in_found(IngestReport& report) {
  if (found_.empty()) return;
  Transaction transaction(store_.handle(), "storing what was found");
  for (const auto& found : found_) {
    if (!found.evaluation.empty()) {
      if (store_.evaluation_complete(found.evaluation))
        store_.link_evaluation(found.attempt.run, found.evaluation);
      else
        report.problems.push_back(fmt::format("run {}: evaluation {} was there, but no journal holds it",
                                              found.attempt.run, found.evaluation));
      continue;
    }
    if (store_.stage_complete(found.stage.stage)) continue;
    AttemptRow attempt = found.attempt;
    attempt.stage = found.stage.stage;
    const int64_t id = store_.begin_attempt(attempt);
    store_.finish_attempt(id, found.stage.totals, found.stage.costs, found.stage.curves, attempt.started_utc);
  }
  transaction.commit();
}

}  // namespace umm::results
