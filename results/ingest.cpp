#include "results/ingest.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "results/database.h"
#include "results/read_again.h"
#include "results/reported.h"
#include "results/run_folder.h"
#include "results/stage_under_way.h"

namespace umm::results {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kBatchBytes = 16 << 20;  // of journals in one transaction: what the page cache holds

constexpr const char* kEndedWithin = "the process ended within the stage";

// What the first `frames` of a journal come to.
struct JournalSoFar {
  std::optional<StageUnderWay> stage;
  std::string outcome;
};

JournalSoFar read_so_far(const fs::path& journal, int64_t frames) {
  JournalSoFar so_far;
  read_journal(journal, [&](const Frame& frame) {
    if (frame.sequence >= frames) return;
    follow(so_far.stage, frame);
    if (frame.type == AttemptEnd::kType) so_far.outcome = from_payload<AttemptEnd>(frame.payload).outcome;
  });
  return so_far;
}

// Nothing was added to it, nor taken away, since it was closed.
bool is_as_it_was(const fs::path& journal, const JournalRow& row) {
  std::error_code failed;
  const auto size = fs::file_size(journal, failed);
  return failed || static_cast<int64_t>(size) == row.next_offset;
}

// Who or what ended the process, in the words of whoever started it; "": nobody has said it.
std::string exit_text(const fs::path& folder) {
  std::error_code failed;
  if (!fs::exists(exit_file(folder), failed)) return "";
  std::string text = read_from(exit_file(folder));
  text.erase(text.find_last_not_of(" \n\r\t") + 1);
  return text;
}

}  // namespace

Ingester::Ingester(fs::path output, IsAlive is_alive, SweepTexts known)
    : output_(std::move(output)),
      is_alive_(std::move(is_alive)),
      store_(Store::open(database_file(output_).string())),
      sweeps_(std::move(known)) {
  forget_older_reading(store_, output_);
}

IngestReport Ingester::take_in() {
  IngestReport report;
  take_in_sweeps(report);
  take_in_runs(report);
  for (const auto& [run, evaluation] : store_.missing_evaluations())
    report.problems.push_back(
        fmt::format("run {}: evaluation {} was there, but no journal holds it", run, evaluation));
  take_in_reported(store_, output_, report.problems);
  return report;
}

// All of them where one is new: what two of them say of a run must not depend on which came first.
void Ingester::take_in_sweeps(IngestReport& report) {
  SweepTexts texts;
  for (const auto& file : sweep_files(output_)) {
    try {
      texts[file] = read_from(file);
    } catch (const StoreError& error) {
      report.problems.emplace_back(error.what());
    }
  }
  // The database may have been deleted since. It may also know sweeps whose files are gone.
  if (texts == sweeps_ && store_.sweeps().size() >= texts.size()) return;
  SweepTexts taken;
  Transaction transaction(store_.handle(), "storing sweeps");
  for (auto& [file, text] : texts) {
    try {
      const SubmittedSweep submitted = sweep_from_text(text, file.string());
      Transaction part(store_.handle(), "storing a sweep");
      store_.put_sweep(submitted.sweep);
      for (const auto& [run, stages] : submitted.runs) store_.put_run(run, stages);
      put_submission(store_, submitted);
      part.commit();
      taken.emplace(file, std::move(text));
    } catch (const StoreError& error) {
      if (!transaction.is_open()) throw;
      report.problems.emplace_back(error.what());  // and again at the next pass
    }
  }
  store_.forget_unstarted_runs();
  transaction.commit();
  sweeps_ = std::move(taken);
}

// Journals are taken in whole or not at all, many in one transaction: each commit waits for the disk.
void Ingester::take_in_runs(IngestReport& report) {
  std::optional<Transaction> batch;
  int64_t bytes = 0;
  for (const auto& run : run_folders(output_))
    for (const auto& [number, folder] : attempt_folders(run)) {
      if (!batch) batch.emplace(store_.handle(), "taking in journals");
      try {
        bytes += take_in_attempt(run.filename().string(), number, folder, report);
      } catch (const StoreError& error) {
        if (!batch->is_open()) throw;  // a full disk, say, undid the others as well
        report.problems.emplace_back(error.what());
      }
      if (bytes < kBatchBytes) continue;
      batch->commit();
      batch.reset();
      bytes = 0;
    }
  if (batch) batch->commit();
}

// `run`: the name of its folder, the first digits of its identity. Returns how many bytes were new.
int64_t Ingester::take_in_attempt(const std::string& run, int64_t number, const fs::path& folder,
                                  IngestReport& report) {
  JournalRow row = store_.journal_in_folder(run, number);
  const fs::path file = journal_file(folder);
  if (row.closed && row.unexplained) explain(folder, row);
  if (row.closed && row.outcome && is_as_it_was(file, row)) {
    if (!row.problem.empty()) report.problems.push_back(fmt::format("{}: {}", file.string(), row.problem));
    return 0;
  }
  // Asked first: what a process wrote before it died is then all in the file.
  const bool alive = is_alive_(folder);
  std::error_code failed;
  if (!fs::exists(file, failed)) return 0;
  Transaction transaction(store_.handle(), "taking in a journal");
  const JournalRow before = row;
  int64_t frames = 0;
  try {
    frames = read_new_frames(run, folder, row);
  } catch (const StoreError& error) {
    const std::string what = error.what();
    throw StoreError(what.starts_with(file.string()) ? what : fmt::format("{}: {}", file.string(), what));
  }
  if (!row.problem.empty()) report.problems.push_back(fmt::format("{}: {}", file.string(), row.problem));
  if (row.run.empty()) return 0;  // not even its first frame is whole
  const bool ended = row.outcome && !row.outcome->empty();
  // One that was closed stays so until a frame comes, which opens its attempt again.
  row.closed = ended || !alive || (before.closed && frames == 0);
  if (frames == 0 && row.closed == before.closed && row.problem == before.problem &&
      row.outcome == before.outcome)
    return 0;
  if (row.closed) close_journal(folder, row, ended ? kEndedWithin : kKilled);
  store_.put_journal(row);
  transaction.commit();
  report.frames += frames;
  report.journals += frames > 0;
  return row.next_offset - before.next_offset;
}

// How many; `row` then says how far it was read. A journal that was closed goes on where its file was copied
// while it was written, or damaged and repaired.
int64_t Ingester::read_new_frames(const std::string& run, const fs::path& folder, JournalRow& row) {
  const fs::path file = journal_file(folder);
  AttemptRow attempt{.stage = "", .run = row.run, .number = row.number, .host = row.host};
  if (!row.outcome) row.outcome = read_so_far(file, row.next_sequence).outcome;
  int64_t frames = 0;
  const auto take = [&](const Frame& frame) {
    if (row.closed && frames == 0)
      if (const auto open = read_so_far(file, row.next_sequence).stage)
        store_.reopen_attempt({open->begin.stage, row.run, row.number});
    take_in_frame(frame, attempt);
    if (attempt.number != row.number || !attempt.run.starts_with(run))
      throw StoreError(fmt::format("it belongs to attempt {} of run {}", attempt.number, attempt.run));
    row.outcome =
        frame.type == AttemptEnd::kType ? from_payload<AttemptEnd>(frame.payload).outcome : std::string();
    ++frames;
  };
  const JournalEnd end = read_journal(file, take, {row.next_offset, row.next_sequence, JournalEnd::kWhole});
  row.problem = end.tail == JournalEnd::kDamaged
                    ? fmt::format("damaged at byte {}: the frames behind it are not read", end.offset)
                    : "";
  row.run = attempt.run;
  row.host = attempt.host;
  row.next_offset = end.offset;
  row.next_sequence = end.sequence;
  return frames;
}

void Ingester::take_in_frame(const Frame& frame, AttemptRow& attempt) {
  const std::string utc = utc_text(frame.wall_ns);
  if (frame.type == AttemptFrame::kType) {
    const auto begin = from_payload<AttemptFrame>(frame.payload);
    attempt.run = begin.run.identity;
    attempt.number = begin.number;
    attempt.host = begin.host;
    RunRow run = begin.run;
    run.sweep.clear();  // which sweeps have it is theirs to say
    store_.put_run(run, begin.stages);
    if (attempt.number > store_.latest_journal(attempt.run)) store_.fail_run(attempt.run, "");
  } else if (attempt.run.empty()) {
    throw StoreError(fmt::format("frame {} comes before the one that names the run", frame.sequence));
  } else if (frame.type == StageBegin::kType) {
    attempt.stage = from_payload<StageBegin>(frame.payload).stage;
    attempt.started_utc = utc;
    store_.begin_attempt(attempt);
  } else if (frame.type == CurveFrame::kType) {
    const auto curve = from_payload<CurveFrame>(frame.payload);
    attempt.stage = curve.stage;
    if (const auto id = store_.running_attempt(attempt)) store_.add_curve_points(*id, curve.points);
  } else if (frame.type == StageEnd::kType) {
    take_in_stage_end(from_payload<StageEnd>(frame.payload), attempt, utc);
  } else if (frame.type == StageStop::kType) {
    const auto stop = from_payload<StageStop>(frame.payload);
    attempt.stage = stop.stage;
    if (const auto id = store_.running_attempt(attempt))
      store_.interrupt_attempt(*id, stop.status, stop.error, stop.costs, utc);
  } else if (frame.type == StageEnd::kFound) {
    const auto stage = from_payload<StageEnd>(frame.payload);
    AttemptRow found = attempt;
    found.stage = stage.stage;
    found.started_utc = utc;
    found.found = true;
    if (store_.make_way(found, utc))
      store_.finish_attempt(store_.begin_attempt(found), stage.totals, stage.costs, stage.curves, utc);
  } else if (frame.type == EvaluationFrame::kType) {
    auto evaluation = from_payload<EvaluationFrame>(frame.payload);
    evaluation.evaluation.created_utc = utc;
    evaluation.evaluation.number = attempt.number;
    store_.put_evaluation(attempt.run, evaluation.evaluation, evaluation.items, evaluation.evidence,
                          evaluation.scores, evaluation.costs);
  } else if (frame.type == EvaluationFound::kType) {
    const auto found = from_payload<EvaluationFound>(frame.payload);
    store_.find_evaluation(attempt.run, found.evaluation, found.name);
  } else if (frame.type == AttemptEnd::kType) {
    const auto end = from_payload<AttemptEnd>(frame.payload);
    for (const auto& evaluation : end.evaluations) store_.find_evaluation(attempt.run, evaluation);
    if (end.outcome == "failed" && attempt.number >= store_.latest_journal(attempt.run))
      store_.fail_run(attempt.run, end.error);
  }
  // Other types tell how far a phase has come, or are from a later program.
}

// A stage has one complete attempt; a second one trained what was removed, or what it could not see.
void Ingester::take_in_stage_end(const StageEnd& stage, AttemptRow& attempt, const std::string& utc) {
  attempt.stage = stage.stage;
  const auto id = store_.running_attempt(attempt);
  if (!id) return;
  if (store_.make_way(attempt, utc)) {
    store_.finish_attempt(*id, stage.totals, stage.costs, stage.curves, utc);
  } else {
    store_.remove_curves(*id);
    store_.interrupt_attempt(*id, "interrupted", kStageWasComplete, stage.costs, utc);
  }
}

// What the process had open is lost but for what a resume point kept.
void Ingester::close_journal(const fs::path& folder, const JournalRow& journal, const char* reason) {
  if (!store_.has_running_attempt(journal)) return;
  const auto open = read_so_far(journal_file(folder), journal.next_sequence).stage;
  if (!open) return;
  const auto id = store_.running_attempt({open->begin.stage, journal.run, journal.number});
  if (!id) return;
  const std::string exit = exit_text(folder);
  CostRow lost{.phase = "train", .device_name = open->begin.device};
  lost.device_seconds = open->lost_seconds();
  store_.interrupt_attempt(*id, "interrupted", exit.empty() ? reason : exit, {lost},
                           utc_text(open->last_wall_ns));
}

// Whoever started the process may have written it down after the journal was closed.
void Ingester::explain(const fs::path& folder, const JournalRow& journal) {
  if (const std::string exit = exit_text(folder); !exit.empty()) store_.explain_attempt(journal, exit);
}

}  // namespace umm::results
