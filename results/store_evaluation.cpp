// Writing evaluations. The rest: store.cpp.
#include <fmt/format.h>

#include "results/database.h"

namespace umm::results {
namespace {

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

// Whether it was made before the one that is stored. What has no time of its own is never earlier.
bool is_earlier(sqlite3* database, const std::string& run, const EvaluationRow& evaluation) {
  Statement statement(
      database,
      "SELECT ?2 <> '' AND (?2, ?3, ?4) < (evaluation.created_utc, coalesce(run.identity, ''), "
      "coalesce(number, 0)) FROM evaluation LEFT JOIN run ON run.id = evaluation.run_id "
      "WHERE evaluation.identity = ?1");
  return statement.bind(evaluation.identity, evaluation.created_utc, run, evaluation.number).step() &&
         statement.integer(0) != 0;
}

void remove_content(sqlite3* database, int64_t evaluation_id) {
  for (const char* sql :
       {"DELETE FROM evidence WHERE item_row_id IN (SELECT id FROM item WHERE evaluation_id = ?)",
        "DELETE FROM item WHERE evaluation_id = ?", "DELETE FROM score WHERE evaluation_id = ?",
        "DELETE FROM cost WHERE evaluation_id = ?"})
    Statement(database, sql).bind(evaluation_id).run();
}

}  // namespace

void Store::put_evaluation(const std::string& run_identity, const EvaluationRow& evaluation,
                           const std::vector<ItemRow>& items, const std::vector<EvidenceRow>& evidence,
                           const std::vector<std::pair<std::string, double>>& scores,
                           const std::vector<CostRow>& costs) {
  Transaction transaction(handle(), "storing an evaluation");
  const int64_t run_id = find_id(handle(), "run", "identity", run_identity);
  if (evaluation_complete(evaluation.identity)) {
    if (!is_earlier(handle(), run_identity, evaluation)) {
      link_evaluation(run_identity, evaluation.identity);
      return transaction.commit();
    }
    remove_content(handle(), find_id(handle(), "evaluation", "identity", evaluation.identity));
  }
  Statement(handle(),
            "INSERT INTO evaluation (identity, benchmark, protocol_hash, protocol_text, sampling_text, "
            "evaluator_version, detector_version, weights, checkpoint_path, checkpoint_hash, created_utc, "
            "run_id, number) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (identity) DO UPDATE SET "
            "benchmark = excluded.benchmark, protocol_hash = excluded.protocol_hash, "
            "protocol_text = excluded.protocol_text, sampling_text = excluded.sampling_text, "
            "evaluator_version = excluded.evaluator_version, detector_version = excluded.detector_version, "
            "weights = excluded.weights, checkpoint_path = excluded.checkpoint_path, "
            "checkpoint_hash = excluded.checkpoint_hash, created_utc = excluded.created_utc, "
            "run_id = excluded.run_id, number = excluded.number")
      .bind(evaluation.identity, evaluation.benchmark, evaluation.protocol_hash, evaluation.protocol_text,
            evaluation.sampling_text, evaluation.evaluator_version, evaluation.detector_version,
            evaluation.weights, evaluation.checkpoint_path, evaluation.checkpoint_hash,
            or_now(evaluation.created_utc), run_id, evaluation.number)
      .run();
  const int64_t evaluation_id = find_id(handle(), "evaluation", "identity", evaluation.identity);
  insert_items(handle(), evaluation_id, items, evidence);
  Statement score(handle(), "INSERT INTO score (evaluation_id, position, name, value) VALUES (?,?,?,?)");
  int64_t position = 0;
  for (const auto& [name, value] : scores) score.bind(evaluation_id, position++, name, value).run();
  insert_costs(handle(), "evaluation_id", evaluation_id, costs);
  link_evaluation(run_identity, evaluation.identity);
  Statement(handle(),
            "INSERT INTO run_evaluation (run_id, evaluation_id) SELECT run_id, ?1 FROM found_evaluation "
            "WHERE evaluation_identity = ?2 ON CONFLICT DO NOTHING")
      .bind(evaluation_id, evaluation.identity)
      .run();
  Statement(handle(), "DELETE FROM found_evaluation WHERE evaluation_identity = ?")
      .bind(evaluation.identity)
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

void Store::find_evaluation(const std::string& run_identity, const std::string& evaluation_identity) {
  if (evaluation_complete(evaluation_identity)) return link_evaluation(run_identity, evaluation_identity);
  Statement(handle(),
            "INSERT INTO found_evaluation (run_id, evaluation_identity) VALUES (?,?) ON CONFLICT DO NOTHING")
      .bind(find_id(handle(), "run", "identity", run_identity), evaluation_identity)
      .run();
}

}  // namespace umm::results
