// Reading. Opening: store_open.cpp, writing: store.cpp.
#include "results/database.h"

namespace umm::results {

bool Store::stage_complete(const std::string& stage_identity) const {
  Statement statement(handle(),
                      "SELECT 1 FROM stage JOIN attempt ON attempt.stage_id = stage.id "
                      "WHERE stage.identity = ? AND attempt.status = 'complete'");
  return statement.bind(stage_identity).step();
}

bool Store::evaluation_complete(const std::string& evaluation_identity) const {
  Statement statement(handle(), "SELECT 1 FROM evaluation WHERE identity = ?");
  return statement.bind(evaluation_identity).step();
}

std::optional<int64_t> Store::running_attempt(const AttemptRow& attempt) const {
  Statement statement(handle(),
                      "SELECT attempt.id FROM attempt JOIN stage ON stage.id = attempt.stage_id "
                      "JOIN run ON run.id = attempt.run_id WHERE stage.identity = ? AND run.identity = ? "
                      "AND attempt.number = ? AND attempt.status = 'running'");
  statement.bind(attempt.stage, attempt.run, attempt.number);
  if (!statement.step()) return std::nullopt;
  return statement.integer(0);
}

bool Store::has_running_attempt(const JournalRow& journal) const {
  Statement statement(handle(),
                      "SELECT 1 FROM attempt JOIN run ON run.id = attempt.run_id WHERE run.identity = ? "
                      "AND attempt.number = ? AND attempt.status = 'running'");
  return statement.bind(journal.run, journal.number).step();
}

JournalRow Store::journal_in_folder(const std::string& folder, int64_t number) const {
  JournalRow row{.run = {}, .number = number, .problem = {}};
  Statement statement(
      handle(),
      "SELECT next_offset, next_sequence, closed, problem, run.identity, journal.host, EXISTS "
      "(SELECT 1 FROM attempt WHERE attempt.run_id = run.id AND attempt.number = ?2 "
      "AND attempt.error = ?3), journal.outcome FROM run "
      "JOIN journal ON journal.run_id = run.id "
      "WHERE run.identity BETWEEN ?1 AND ?1 || 'g' AND journal.number = ?2");
  if (!statement.bind(folder, number, kKilled).step()) return row;
  row.next_offset = statement.integer(0);
  row.next_sequence = statement.integer(1);
  row.closed = statement.integer(2) != 0;
  row.problem = statement.text(3);
  row.run = statement.text(4);
  row.host = statement.text(5);
  row.unexplained = statement.integer(6) != 0;
  row.outcome = statement.is_null(7) ? std::nullopt : std::optional(statement.text(7));
  return row;
}

int64_t Store::latest_journal(const std::string& run_identity) const {
  Statement statement(
      handle(), "SELECT max(number) FROM journal JOIN run ON run.id = journal.run_id WHERE identity = ?");
  return statement.bind(run_identity).step() ? statement.integer(0) : 0;
}

std::vector<std::pair<std::string, std::string>> Store::missing_evaluations() const {
  Statement statement(handle(),
                      "SELECT run.identity, evaluation_identity FROM found_evaluation "
                      "JOIN run ON run.id = run_id ORDER BY run.identity, evaluation_identity");
  std::vector<std::pair<std::string, std::string>> rows;
  while (statement.step()) rows.emplace_back(statement.text(0), statement.text(1));
  return rows;
}

std::vector<std::string> Store::sweeps() const {
  Statement statement(handle(), "SELECT name FROM sweep ORDER BY created_utc, name");
  std::vector<std::string> names;
  while (statement.step()) names.push_back(statement.text(0));
  return names;
}

std::vector<EvaluationRow> Store::evaluations() const {
  Statement statement(handle(),
                      "SELECT identity, benchmark, protocol_hash, protocol_text, sampling_text, "
                      "evaluator_version, detector_version, weights, checkpoint_path, checkpoint_hash "
                      "FROM evaluation ORDER BY created_utc, id");
  std::vector<EvaluationRow> rows;
  while (statement.step()) {
    EvaluationRow& row = rows.emplace_back();
    row.identity = statement.text(0);
    row.benchmark = statement.text(1);
    row.protocol_hash = statement.text(2);
    row.protocol_text = statement.text(3);
    row.sampling_text = statement.text(4);
    row.evaluator_version = statement.text(5);
    row.detector_version = statement.text(6);
    row.weights = statement.text(7);
    row.checkpoint_path = statement.text(8);
    row.checkpoint_hash = statement.text(9);
  }
  return rows;
}

std::vector<ItemRow> Store::items(const std::string& evaluation_identity) const {
  Statement statement(handle(),
                      "SELECT item.item_id, item.tag, item.prompt, item.metadata FROM evaluation "
                      "JOIN item ON item.evaluation_id = evaluation.id "
                      "WHERE evaluation.identity = ? ORDER BY item.position");
  statement.bind(evaluation_identity);
  std::vector<ItemRow> rows;
  while (statement.step()) {
    rows.push_back({statement.text(0), statement.text(1), statement.text(2), statement.text(3)});
  }
  return rows;
}

std::vector<EvidenceRow> Store::evidence(const std::string& evaluation_identity) const {
  const std::string status = has_column(handle(), "evidence", "status") ? "evidence.status" : "'scored'";
  Statement statement(handle(),
                      "SELECT item.item_id, evidence.image_index, evidence.image_path, "
                      "evidence.image_sha256, evidence.evidence_json, evidence.score, evidence.reason, " +
                          status +
                          " FROM evaluation JOIN item ON item.evaluation_id = evaluation.id "
                          "JOIN evidence ON evidence.item_row_id = item.id "
                          "WHERE evaluation.identity = ? ORDER BY item.position, evidence.image_index");
  statement.bind(evaluation_identity);
  std::vector<EvidenceRow> rows;
  while (statement.step()) {
    rows.push_back({statement.text(0), statement.integer(1), statement.text(2), statement.text(3),
                    statement.text(4), statement.real(5), statement.text(6), statement.text(7)});
  }
  return rows;
}

std::vector<ScoreRow> Store::scores(const std::string& evaluation_identity) const {
  const bool counted = has_column(handle(), "score", "num_unscored");
  Statement statement(handle(),
                      "SELECT score.name, score.value, " +
                          std::string(counted ? "score.num_images, score.num_unscored" : "NULL, NULL") +
                          " FROM evaluation "
                          "JOIN score ON score.evaluation_id = evaluation.id "
                          "WHERE evaluation.identity = ? ORDER BY score.position");
  statement.bind(evaluation_identity);
  std::vector<ScoreRow> rows;
  while (statement.step()) {
    ScoreRow& row = rows.emplace_back(ScoreRow{statement.text(0), statement.real(1)});
    if (statement.is_null(2)) continue;
    row.num_images = statement.integer(2);
    row.num_unscored = statement.integer(3);
  }
  return rows;
}

}  // namespace umm::results
