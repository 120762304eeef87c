// Writing. Opening: store_open.cpp, reading: store_read.cpp.
#include "results/store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>

#include "results/database.h"
#include "results/journal.h"

namespace umm::results {
namespace {

std::string or_now(const std::string& utc) {
  return utc.empty() ? utc_text(wall_clock_ns()) : utc;
}

std::string host_name() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return host.data();
}

// One number of the only row, or an error that names what is missing.
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
                               "peak_host_bytes, peak_device_bytes, images) VALUES (?,?,?,?,?,?,?,?)",
                               owner));
  for (const CostRow& cost : costs) {
    insert
        .bind(id, cost.phase, cost.device_seconds, cost.device_name, cost.num_devices, cost.peak_host_bytes,
              cost.peak_device_bytes, cost.images)
        .run();
  }
}

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

void insert_items(sqlite3* database, int64_t evaluation_id, const std::vector<ItemRow>& items,
                  const std::vector<EvidenceRow>& evidence) {
  Statement item(database,
                 "INSERT INTO item (evaluation_id, position, item_id, tag, prompt, metadata) "
                 "VALUES (?,?,?,?,?,?)");
  std::map<std::string, int64_t> row_of;
  int64_t position = 0;
  for (const ItemRow& row : items) {
    item.bind(evaluation_id, position++, row.item_id, row.tag, row.prompt, row.metadata).run();
    row_of[row.item_id] = sqlite3_last_insert_rowid(database);
  }
  Statement insert(database,
                   "INSERT INTO evidence (item_row_id, image_index, image_path, image_sha256, "
                   "evidence_json, score, reason) VALUES (?,?,?,?,?,?,?)");
  for (const EvidenceRow& row : evidence) {
    auto found = row_of.find(row.item_id);
    if (found == row_of.end()) {
      throw StoreError(fmt::format("{}: evidence for item '{}', which the evaluation does not have",
                                   sqlite3_db_filename(database, "main"), row.item_id));
    }
    insert
        .bind(found->second, row.image_index, row.image_path, row.image_sha256, row.evidence_json, row.score,
              row.reason)
        .run();
  }
}

}  // namespace

void Store::put_sweep(const SweepRow& sweep) {
  Transaction transaction(handle(), "storing a sweep");
  Statement(handle(),
            "INSERT INTO sweep (name, description, spec_path, spec_text, created_utc) VALUES (?,?,?,?,?) "
            "ON CONFLICT (name) DO UPDATE SET description = excluded.description, "
            "spec_path = excluded.spec_path, spec_text = excluded.spec_text")
      .bind(sweep.name, sweep.description, sweep.spec_path, sweep.spec_text, or_now(sweep.created_utc))
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
            "created_utc) VALUES (?,?,?,?,?,?,?) ON CONFLICT (identity) DO NOTHING")
      .bind(run.identity, run.architecture, run.method, run.seed, run.canonical_config, run.program_version,
            or_now(run.created_utc))
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
                   "INSERT INTO attempt (stage_id, run_id, number, status, host, started_utc) VALUES "
                   "(?1, (SELECT id FROM run WHERE identity = ?2), ?3, 'running', ?4, ?5)");
  insert
      .bind(stage_id, row.run, row.number, row.host.empty() ? host_name() : row.host, or_now(row.started_utc))
      .run();
  int64_t attempt = sqlite3_last_insert_rowid(handle());
  transaction.commit();
  return attempt;
}

void Store::end_attempt(int64_t attempt, const std::string& utc, const std::string& status,
                        const std::string* error) {
  Statement update(handle(),
                   "UPDATE attempt SET status = ?, error = ?, finished_utc = ? "
                   "WHERE id = ? AND status = 'running'");
  if (error == nullptr) {
    update.bind(status, nullptr, or_now(utc), attempt).run();
  } else {
    update.bind(status, *error, or_now(utc), attempt).run();
  }
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
  Statement point(handle(), "INSERT INTO curve (attempt_id, name, at_update, value) VALUES (?,?,?,?)");
  for (const CurvePoint& row : curves) point.bind(attempt, row.name, row.update, row.value).run();
  transaction.commit();
}

void Store::interrupt_attempt(int64_t attempt, const std::string& status, const std::string& error,
                              const std::vector<CostRow>& costs, const std::string& utc) {
  Transaction transaction(handle(), "storing an interrupted stage");
  end_attempt(attempt, utc, status, &error);
  insert_costs(handle(), "attempt_id", attempt, costs);
  transaction.commit();
}

void Store::put_evaluation(const std::string& run_identity, const EvaluationRow& evaluation,
                           const std::vector<ItemRow>& items, const std::vector<EvidenceRow>& evidence,
                           const std::vector<std::pair<std::string, double>>& scores,
                           const std::vector<CostRow>& costs) {
  if (evaluation_complete(evaluation.identity)) return link_evaluation(run_identity, evaluation.identity);
  Transaction transaction(handle(), "storing an evaluation");
  int64_t run_id = find_id(handle(), "run", "identity", run_identity);
  Statement(handle(),
            "INSERT INTO evaluation (identity, benchmark, protocol_hash, protocol_text, sampling_text, "
            "evaluator_version, detector_version, weights, checkpoint_path, checkpoint_hash, created_utc) "
            "VALUES (?,?,?,?,?,?,?,?,?,?,?)")
      .bind(evaluation.identity, evaluation.benchmark, evaluation.protocol_hash, evaluation.protocol_text,
            evaluation.sampling_text, evaluation.evaluator_version, evaluation.detector_version,
            evaluation.weights, evaluation.checkpoint_path, evaluation.checkpoint_hash,
            or_now(evaluation.created_utc))
      .run();
  int64_t evaluation_id = sqlite3_last_insert_rowid(handle());
  insert_items(handle(), evaluation_id, items, evidence);
  Statement score(handle(), "INSERT INTO score (evaluation_id, position, name, value) VALUES (?,?,?,?)");
  int64_t position = 0;
  for (const auto& [name, value] : scores) score.bind(evaluation_id, position++, name, value).run();
  insert_costs(handle(), "evaluation_id", evaluation_id, costs);
  Statement(handle(), "INSERT INTO run_evaluation (run_id, evaluation_id) VALUES (?,?)")
      .bind(run_id, evaluation_id)
      .run();
  transaction.commit();
}

void Store::link_evaluation(const std::string& run_identity, const std::string& evaluation_identity) {
  Transaction transaction(handle(), "linking an evaluation");
  Statement(handle(),
            "INSERT INTO run_evaluation (run_id, evaluation_id) VALUES (?,?) ON CONFLICT DO NOTHING")
      .bind(find_id(handle(), "run", "identity", run_identity),
            find_id(handle(), "evaluation", "identity", evaluation_identity))
      .run();
  transaction.commit();
}

void Store::fail_run(const std::string& run_identity, const std::string& error) {
  Transaction transaction(handle(), "storing a run's failure");
  int64_t run_id = find_id(handle(), "run", "identity", run_identity);
  Statement(handle(), "UPDATE run SET error = nullif(?, '') WHERE id = ?").bind(error, run_id).run();
  transaction.commit();
}

void Store::put_journal(const JournalRow& journal) {
  Transaction transaction(handle(), "storing how far a journal was read");
  Statement(
      handle(),
      "INSERT INTO journal (run_id, number, next_offset, next_sequence, closed, problem) "
      "VALUES (?,?,?,?,?,?) ON CONFLICT (run_id, number) DO UPDATE SET next_offset = excluded.next_offset, "
      "next_sequence = excluded.next_sequence, closed = excluded.closed, problem = excluded.problem")
      .bind(find_id(handle(), "run", "identity", journal.run), journal.number, journal.next_offset,
            journal.next_sequence, int64_t{journal.closed}, journal.problem)
      .run();
  transaction.commit();
}

}  // namespace umm::results
