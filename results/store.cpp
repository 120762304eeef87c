// Writing: sweeps, runs, attempts, journals. Evaluations: store_evaluation.cpp, opening: store_open.cpp,
// reading: store_read.cpp.
#include "results/store.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "results/database.h"
#include "results/failure_signature.h"
#include "results/journal.h"

namespace umm::results {
namespace {

void insert_stages(sqlite3* database, int64_t run_id, const std::vector<StageRow>& stages) {
  Statement stage(database,
                  "INSERT INTO stage (identity, name, method, canonical_config) VALUES (?,?,?,?) "
                  "ON CONFLICT (identity) DO NOTHING");
  Statement link(database, "INSERT INTO run_stage (run_id, position, stage_id) VALUES (?,?,?)");
  int64_t position = 0;
  for (const StageRow& row : stages) {
    stage.bind(row.identity, row.name, row.method, row.canonical_config).run();
    link.bind(run_id, position++, find_id(database, "stage", "identity", row.identity)).run();
  }
}

// A run's identity covers its stages: other stages under the same identity are a defect of the caller.
void check_stages(sqlite3* database, const RunRow& run, const std::vector<StageRow>& stages) {
  Statement stored(database,
                   "SELECT stage.identity FROM run JOIN run_stage ON run_stage.run_id = run.id "
                   "JOIN stage ON stage.id = run_stage.stage_id WHERE run.identity = ? "
                   "ORDER BY run_stage.position");
  stored.bind(run.identity);
  size_t count = 0;
  bool equal = true;
  while (stored.step()) {
    equal = equal && count < stages.size() && stages[count].identity == stored.text(0);
    ++count;
  }
  if (!equal || count != stages.size()) {
    throw StoreError(fmt::format("{}: run {} is stored with other stages; an identity must cover the stages",
                                 sqlite3_db_filename(database, "main"), run.identity));
  }
}

// Which row of the sweep's table the run is.
void insert_place(sqlite3* database, const RunRow& run, int64_t run_id) {
  Statement(database,
            "INSERT INTO sweep_run (sweep_id, run_id, position, label, reference, axes, replicate_axes) "
            "VALUES (?1, ?2, (SELECT count(*) FROM sweep_run WHERE sweep_id = ?1), ?3, ?4, ?5, ?6) "
            "ON CONFLICT (sweep_id, run_id) DO UPDATE SET label = excluded.label, "
            "reference = excluded.reference, axes = excluded.axes, replicate_axes = excluded.replicate_axes")
      .bind(find_id(database, "sweep", "name", run.sweep), run_id, run.label, int64_t{run.reference},
            nlohmann::json(run.axes).dump(), nlohmann::json(run.replicate_axes).dump())
      .run();
}

}  // namespace

std::string or_now(const std::string& utc) {
  return utc.empty() ? utc_text(wall_clock_ns()) : utc;
}

int64_t find_id(sqlite3* database, const std::string& table, const std::string& key,
                const std::string& value) {
  Statement statement(database, fmt::format("SELECT id FROM {} WHERE {} = ?", table, key));
  if (!statement.bind(value).step()) {
    throw StoreError(fmt::format("{}: there is no {} with {} '{}'; it must be stored first",
                                 sqlite3_db_filename(database, "main"), table, key, value));
  }
  return statement.integer(0);
}

void insert_costs(sqlite3* database, std::string_view owner, int64_t id, const std::vector<CostRow>& costs) {
  Statement insert(database,
                   fmt::format("INSERT INTO cost ({}, phase, device_seconds, device_name, num_devices, "
                               "peak_host_bytes, peak_device_bytes, images, energy_joules, tokens, "
                               "model_flops, judge_calls, judge_tokens_in, judge_tokens_out) "
                               "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                               owner));
  for (const CostRow& cost : costs) {
    insert
        .bind(id, cost.phase, cost.device_seconds, cost.device_name, cost.num_devices, cost.peak_host_bytes,
              cost.peak_device_bytes, cost.images, cost.energy_joules, cost.tokens, cost.model_flops,
              cost.judge_calls, cost.judge_tokens_in, cost.judge_tokens_out)
        .run();
  }
}

void Store::put_sweep(const SweepRow& sweep) {
  Transaction transaction(handle(), "storing a sweep");
  Statement(handle(),
            "INSERT INTO sweep (name, description, spec_path, spec_text, created_utc) VALUES (?,?,?,?,?) "
            "ON CONFLICT (name) DO UPDATE SET description = excluded.description, "
            "spec_path = excluded.spec_path, spec_text = excluded.spec_text, "
            "created_utc = CASE ?6 WHEN '' THEN created_utc ELSE ?6 END")
      .bind(sweep.name, sweep.description, sweep.spec_path, sweep.spec_text, or_now(sweep.created_utc),
            sweep.created_utc)
      .run();
  Statement(handle(), "DELETE FROM sweep_run WHERE sweep_id = ?")
      .bind(find_id(handle(), "sweep", "name", sweep.name))
      .run();
  transaction.commit();
}

void Store::put_run(const RunRow& run, const std::vector<StageRow>& stages) {
  Transaction transaction(handle(), "storing a run");
  Statement(handle(),
            "INSERT INTO run (identity, architecture, method, seed, canonical_config, program_version, "
            "created_utc) VALUES (?1,?2,?3,?4,?5,?6,?7) ON CONFLICT (identity) DO UPDATE SET "
            "program_version = ?6, created_utc = ?7 WHERE ?8 <> '' AND "
            // Journals know better than sweeps, the earliest best.
            "(NOT EXISTS (SELECT 1 FROM journal WHERE run_id = run.id) OR "
            "(?9 = '' AND (?7, ?6) < (created_utc, program_version)))")
      .bind(run.identity, run.architecture, run.method, run.seed, run.canonical_config, run.program_version,
            or_now(run.created_utc), run.created_utc, run.sweep)
      .run();
  int64_t run_id = find_id(handle(), "run", "identity", run.identity);
  Statement known(handle(), "SELECT 1 FROM run_stage WHERE run_id = ?");
  if (!known.bind(run_id).step()) insert_stages(handle(), run_id, stages);
  check_stages(handle(), run, stages);
  if (!run.sweep.empty()) insert_place(handle(), run, run_id);
  transaction.commit();
}

int64_t Store::begin_attempt(const AttemptRow& row) {
  Transaction transaction(handle(), "beginning an attempt");
  int64_t stage_id = find_id(handle(), "stage", "identity", row.stage);
  Statement insert(handle(),
                   "INSERT INTO attempt (stage_id, run_id, number, status, host, started_utc, found) VALUES "
                   "(?1, (SELECT id FROM run WHERE identity = ?2), ?3, 'running', ?4, ?5, ?6)");
  insert
      .bind(stage_id, row.run, row.number, row.host.empty() ? host_name() : row.host, or_now(row.started_utc),
            int64_t{row.found})
      .run();
  int64_t attempt = sqlite3_last_insert_rowid(handle());
  transaction.commit();
  return attempt;
}

void Store::end_attempt(int64_t attempt, const std::string& utc, const std::string& status,
                        const std::string* error) {
  const auto text = error == nullptr ? std::nullopt : std::optional(*error);
  const auto signature = error == nullptr ? std::nullopt : std::optional(failure_signature(*error));
  Statement(handle(),
            "UPDATE attempt SET status = ?, error = ?, error_signature = ?, finished_utc = ? "
            "WHERE id = ? AND status = 'running'")
      .bind(status, text, signature, or_now(utc), attempt)
      .run();
  if (sqlite3_changes(handle()) != 1) {
    throw StoreError(fmt::format("{}: attempt {} is not running, so it cannot become '{}'",
                                 sqlite3_db_filename(handle(), "main"), attempt, status));
  }
}

void Store::finish_attempt(int64_t attempt, const TrainingTotals& totals, const std::vector<CostRow>& costs,
                           const std::vector<CurvePoint>& curves, const std::string& utc) {
  Transaction transaction(handle(), "storing a finished stage");
  end_attempt(attempt, utc, "complete", nullptr);
  Statement(handle(), "UPDATE attempt SET micro_iterations = ?, updates = ?, images_seen = ? WHERE id = ?")
      .bind(totals.micro_iterations, totals.updates, totals.images_seen, attempt)
      .run();
  insert_costs(handle(), "attempt_id", attempt, costs);
  remove_curves(attempt);
  add_curve_points(attempt, curves);
  transaction.commit();
}

void Store::add_curve_points(int64_t attempt, const std::vector<CurvePoint>& points) {
  Transaction transaction(handle(), "storing points of curves");
  Statement insert(handle(),
                   "INSERT INTO curve (attempt_id, name, at_update, value) VALUES (?,?,?,?) "
                   "ON CONFLICT DO UPDATE SET value = excluded.value");
  for (const CurvePoint& row : points) insert.bind(attempt, row.name, row.update, row.value).run();
  transaction.commit();
}

void Store::remove_curves(int64_t attempt) {
  Statement(handle(), "DELETE FROM curve WHERE attempt_id = ?").bind(attempt).run();
}

void Store::interrupt_attempt(int64_t attempt, const std::string& status, const std::string& error,
                              const std::vector<CostRow>& costs, const std::string& utc) {
  Transaction transaction(handle(), "storing an interrupted stage");
  end_attempt(attempt, utc, status, &error);
  insert_costs(handle(), "attempt_id", attempt, costs);
  transaction.commit();
}

bool Store::make_way(const AttemptRow& attempt, const std::string& utc) {
  int64_t id = 0;
  bool found = false;
  {
    Statement complete(handle(),
                       "SELECT attempt.id, attempt.found, (attempt.found, finished_utc, "
                       "coalesce(run.identity, ''), coalesce(attempt.number, 0)) <= (?1, ?2, ?3, ?4) "
                       "FROM attempt JOIN stage ON stage.id = attempt.stage_id "
                       "LEFT JOIN run ON run.id = attempt.run_id "
                       "WHERE stage.identity = ?5 AND attempt.status = 'complete'");
    complete.bind(int64_t{attempt.found}, utc, attempt.run, attempt.number, attempt.stage);
    if (!complete.step()) return true;
    if (complete.integer(2) != 0) return false;
    id = complete.integer(0);
    found = complete.integer(1) != 0;
  }
  Transaction transaction(handle(), "making way for an earlier attempt");
  remove_curves(id);
  if (found) {
    Statement(handle(), "DELETE FROM cost WHERE attempt_id = ?").bind(id).run();
    Statement(handle(), "DELETE FROM attempt WHERE id = ?").bind(id).run();
  } else {
    Statement(handle(),
              "UPDATE attempt SET status = 'interrupted', error = ?, error_signature = ?, "
              "micro_iterations = 0, updates = 0, images_seen = 0 WHERE id = ?")
        .bind(kStageWasComplete, failure_signature(kStageWasComplete), id)
        .run();
  }
  transaction.commit();
  return true;
}

void Store::explain_attempt(const JournalRow& journal, const std::string& error) {
  Statement(handle(),
            "UPDATE attempt SET error = ?, error_signature = ? WHERE error = ? AND number = ? "
            "AND run_id = (SELECT id FROM run WHERE identity = ?)")
      .bind(error, failure_signature(error), kKilled, journal.number, journal.run)
      .run();
}

void Store::reopen_attempt(const AttemptRow& attempt) {
  Statement ended(handle(),
                  "SELECT attempt.id FROM attempt JOIN stage ON stage.id = attempt.stage_id "
                  "JOIN run ON run.id = attempt.run_id WHERE stage.identity = ? AND run.identity = ? "
                  "AND attempt.number = ? AND attempt.status = 'interrupted'");
  if (!ended.bind(attempt.stage, attempt.run, attempt.number).step()) return;
  const int64_t id = ended.integer(0);
  Transaction transaction(handle(), "going on with an attempt");
  Statement(handle(), "DELETE FROM cost WHERE attempt_id = ?").bind(id).run();
  Statement(handle(),
            "UPDATE attempt SET status = 'running', error = NULL, error_signature = NULL, "
            "finished_utc = NULL WHERE id = ?")
      .bind(id)
      .run();
  transaction.commit();
}

void Store::forget_unstarted_runs() {
  Transaction transaction(handle(), "forgetting runs that no sweep has");
  // Attempts of unknown runs are from before journals, and may be any run's that has the stage.
  Statement unstarted(handle(),
                      "SELECT id FROM run WHERE error IS NULL "
                      "AND NOT EXISTS (SELECT 1 FROM sweep_run WHERE run_id = run.id) "
                      "AND NOT EXISTS (SELECT 1 FROM journal WHERE run_id = run.id) "
                      "AND NOT EXISTS (SELECT 1 FROM run_evaluation WHERE run_id = run.id) "
                      "AND NOT EXISTS (SELECT 1 FROM run_stage AS own JOIN attempt USING (stage_id) "
                      "WHERE own.run_id = run.id AND coalesce(attempt.run_id, run.id) = run.id)");
  std::vector<int64_t> runs;
  while (unstarted.step()) runs.push_back(unstarted.integer(0));
  for (const int64_t run : runs)
    for (const char* sql : {"DELETE FROM run_stage WHERE run_id = ?", "DELETE FROM run WHERE id = ?"})
      Statement(handle(), sql).bind(run).run();
  if (!runs.empty())
    execute(handle(),
            "DELETE FROM stage WHERE NOT EXISTS (SELECT 1 FROM run_stage WHERE stage_id = stage.id) "
            "AND NOT EXISTS (SELECT 1 FROM attempt WHERE stage_id = stage.id)",
            "forgetting stages");
  transaction.commit();
}

void Store::fail_run(const std::string& run_identity, const std::string& error) {
  Transaction transaction(handle(), "storing a run's failure");
  int64_t run_id = find_id(handle(), "run", "identity", run_identity);
  const auto text = error.empty() ? std::nullopt : std::optional(error);
  const auto signature = error.empty() ? std::nullopt : std::optional(failure_signature(error));
  Statement(handle(), "UPDATE run SET error = ?, error_signature = ? WHERE id = ?")
      .bind(text, signature, run_id)
      .run();
  transaction.commit();
}

void Store::put_journal(const JournalRow& journal) {
  Transaction transaction(handle(), "storing how far a journal was read");
  Statement(
      handle(),
      "INSERT INTO journal (run_id, number, next_offset, next_sequence, closed, problem, host, outcome) "
      "VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (run_id, number) DO UPDATE SET "
      "next_offset = excluded.next_offset, next_sequence = excluded.next_sequence, "
      "closed = excluded.closed, problem = excluded.problem, outcome = excluded.outcome")
      .bind(find_id(handle(), "run", "identity", journal.run), journal.number, journal.next_offset,
            journal.next_sequence, int64_t{journal.closed}, journal.problem, journal.host, journal.outcome)
      .run();
  transaction.commit();
}

}  // namespace umm::results
