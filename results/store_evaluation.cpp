// Writing evaluations. The rest: store.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "results/database.h"
#include "results/run_folder.h"

namespace umm::results {
namespace {

constexpr size_t kHashBytes = 32;

// What an evaluation is called does not depend on what comes first.
constexpr const char* kFirstName =
    "ON CONFLICT DO UPDATE SET name = excluded.name "
    "WHERE excluded.name <> '' AND (name = '' OR excluded.name < name)";

// The row with these values, which is made where there is none.
template <typename... Values>
int64_t find_or_insert(sqlite3* database, Statement& find, Statement& insert, const Values&... values) {
  if (find.bind(values...).step()) return find.integer(0);
  insert.bind(values...).run();
  return sqlite3_last_insert_rowid(database);
}

using RowOf = std::map<std::string, int64_t>;

// By item_id.
RowOf insert_items(sqlite3* database, int64_t evaluation_id, const std::vector<ItemRow>& items) {
  Statement find(database, "SELECT id FROM prompt WHERE (item_id, tag, prompt, metadata) = (?,?,?,?)");
  Statement prompt(database, "INSERT INTO prompt (item_id, tag, prompt, metadata) VALUES (?,?,?,?)");
  Statement asked(database,
                  "INSERT INTO evaluation_prompt (evaluation_id, prompt_id, position) VALUES (?,?,?)");
  RowOf row_of;
  int64_t position = 0;
  for (const ItemRow& row : items) {
    const int64_t id = find_or_insert(database, find, prompt, row.item_id, row.tag, row.prompt, row.metadata);
    asked.bind(evaluation_id, id, position++).run();
    if (!row_of.emplace(row.item_id, sqlite3_last_insert_rowid(database)).second) {
      throw StoreError(fmt::format("{}: the evaluation has two items '{}'",
                                   sqlite3_db_filename(database, "main"), row.item_id));
    }
  }
  return row_of;
}

// NULL: full marks.
class ReasonRows {
 public:
  explicit ReasonRows(sqlite3* database)
      : database_(database),
        find_(database, "SELECT id FROM reason WHERE text = ?"),
        insert_(database, "INSERT INTO reason (text) VALUES (?)") {}

  std::optional<int64_t> operator()(const std::string& reason) {
    if (reason.empty()) return std::nullopt;
    const auto [row, is_new] = row_of_.emplace(reason, 0);
    if (is_new) row->second = find_or_insert(database_, find_, insert_, reason);
    return row->second;
  }

 private:
  sqlite3* database_;
  Statement find_, insert_;
  RowOf row_of_;
};

void insert_evidence(sqlite3* database, const std::string& evaluation, const RowOf& row_of,
                     const std::vector<EvidenceRow>& evidence) {
  const auto fail = [&](const EvidenceRow& row, std::string_view what) {
    return StoreError(fmt::format("{}: evidence for item '{}', {}", sqlite3_db_filename(database, "main"),
                                  row.item_id, what));
  };
  ReasonRows reasons(database);
  Statement insert(database,
                   "INSERT INTO judgement (item_row_id, image_index, image_path, image_sha256, "
                   "evidence_json, score, reason_id, problem) VALUES (?1,?2,?3,?4,?5, "
                   "iif(?8 = 'scored', ?6, NULL), ?7, nullif(?8, 'scored'))");
  for (const EvidenceRow& row : evidence) {
    const auto found = row_of.find(row.item_id);
    if (found == row_of.end()) throw fail(row, "which the evaluation does not have");
    const auto hash = bytes_of_hex(row.image_sha256);
    if (!hash || hash->size() != kHashBytes)
      throw fail(row, fmt::format("whose picture's SHA-256 is \"{}\"", row.image_sha256));
    std::optional<std::string_view> path = row.image_path;
    if (path == usual_image_path(evaluation, row.item_id, row.image_index)) path.reset();
    insert
        .bind(found->second, row.image_index, path, Bytes{*hash}, row.evidence_json, row.score,
              reasons(row.reason), row.status)
        .run();
  }
}

int64_t num_scored(const std::vector<EvidenceRow>& evidence) {
  return std::count_if(evidence.begin(), evidence.end(),
                       [](const EvidenceRow& row) { return row.status == "scored"; });
}

// What decides between two of the same evaluation: pictures that have a score, then which was made first.
struct Standing {
  int64_t scored = 0;
  std::string created_utc, run;
  int64_t number = 0;

  bool is_of_same_process(const Standing& other) const {
    return std::tie(created_utc, run, number) == std::tie(other.created_utc, other.run, other.number);
  }
  // What has no time of its own is never earlier.
  bool is_before(const Standing& other) const {
    if (scored != other.scored) return scored > other.scored;
    return !created_utc.empty() &&
           std::tie(created_utc, run, number) < std::tie(other.created_utc, other.run, other.number);
  }
};

Standing stored_standing(sqlite3* database, int64_t evaluation_id) {
  Statement statement(
      database,
      "SELECT (SELECT count(*) FROM judgement JOIN evaluation_prompt ON evaluation_prompt.id = item_row_id "
      "WHERE evaluation_id = evaluation.id AND problem IS NULL), evaluation.created_utc, "
      "coalesce(run.identity, ''), coalesce(number, 0) FROM evaluation LEFT JOIN run ON run.id = "
      "evaluation.run_id WHERE evaluation.id = ?");
  statement.bind(evaluation_id).step();
  return {statement.integer(0), statement.text(1), statement.text(2), statement.integer(3)};
}

// Rationale: each try counts the replies that were stored before, too, as one that was stopped left no other
// record of what it asked. So the try that asked most has the questions of all.
void count_questions_once(sqlite3* database, int64_t evaluation_id) {
  Statement(database,
            "UPDATE cost SET judge_calls = 0, judge_tokens_in = 0, judge_tokens_out = 0 "
            "WHERE evaluation_id = ?1 AND judge_calls > 0 AND id <> (SELECT id FROM cost "
            "WHERE evaluation_id = ?1 ORDER BY judge_calls DESC, judge_tokens_in DESC, "
            "judge_tokens_out DESC, device_seconds DESC, id LIMIT 1)")
      .bind(evaluation_id)
      .run();
}

// Of another process's try at the same, which took its own time. Pictures are kept with what making them has
// cost so far, so that the largest such row has all.
void add_costs(sqlite3* database, int64_t evaluation_id, const std::vector<CostRow>& costs) {
  Statement larger(database,
                   "SELECT 1 FROM cost WHERE evaluation_id = ? AND phase = ? AND device_seconds >= ?");
  Statement smaller(database, "DELETE FROM cost WHERE evaluation_id = ? AND phase = ?");
  for (const CostRow& cost : costs) {
    if (cost.phase == "generate") {
      if (larger.bind(evaluation_id, cost.phase, cost.device_seconds).step()) continue;
      smaller.bind(evaluation_id, cost.phase).run();
    }
    insert_costs(database, "evaluation_id", evaluation_id, {cost});
  }
  count_questions_once(database, evaluation_id);
}

void remove_content(sqlite3* database, int64_t evaluation_id) {
  for (const char* sql :
       {"DELETE FROM judgement WHERE item_row_id IN "
        "(SELECT id FROM evaluation_prompt WHERE evaluation_id = ?)",
        "DELETE FROM evaluation_prompt WHERE evaluation_id = ?", "DELETE FROM score WHERE evaluation_id = ?"})
    Statement(database, sql).bind(evaluation_id).run();
}

// Rationale: each row that goes is looked for among those that could name it, which have no index for that:
// it would be a third of the file, for what happens where two processes made one evaluation.
void remove_unused_texts(sqlite3* database) {
  for (const char* sql :
       {"CREATE INDEX unused_prompt ON evaluation_prompt(prompt_id)",
        "CREATE INDEX unused_reason ON judgement(reason_id) WHERE reason_id IS NOT NULL",
        "DELETE FROM prompt WHERE id NOT IN (SELECT prompt_id FROM evaluation_prompt)",
        "DELETE FROM reason WHERE id NOT IN (SELECT reason_id FROM judgement WHERE reason_id IS NOT NULL)",
        "DROP INDEX unused_prompt", "DROP INDEX unused_reason"})
    Statement(database, sql).run();
}

}  // namespace

void Store::put_evaluation(const std::string& run_identity, const EvaluationRow& evaluation,
                           const std::vector<ItemRow>& items, const std::vector<EvidenceRow>& evidence,
                           const std::vector<ScoreRow>& scores, const std::vector<CostRow>& costs) {
  Transaction transaction(handle(), "storing an evaluation");
  const int64_t run_id = find_id(handle(), "run", "identity", run_identity);
  const bool replaces = evaluation_complete(evaluation.identity);
  if (replaces) {
    const int64_t stored_id = find_id(handle(), "evaluation", "identity", evaluation.identity);
    const Standing stored = stored_standing(handle(), stored_id);
    const Standing given{num_scored(evidence), evaluation.created_utc, run_identity, evaluation.number};
    const bool is_another = !given.created_utc.empty() && !given.is_of_same_process(stored);
    if (!given.is_before(stored)) {
      if (is_another) add_costs(handle(), stored_id, costs);
      link_evaluation(run_identity, evaluation.identity, evaluation.name);
      return transaction.commit();
    }
    remove_content(handle(), stored_id);
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
  insert_evidence(handle(), evaluation.identity, insert_items(handle(), evaluation_id, items), evidence);
  if (replaces) remove_unused_texts(handle());
  Statement score(handle(),
                  "INSERT INTO score (evaluation_id, position, name, value, num_images, num_unscored) "
                  "VALUES (?,?,?,?,?,?)");
  int64_t position = 0;
  for (const auto& row : scores)
    score.bind(evaluation_id, position++, row.name, row.value, row.num_images, row.num_unscored).run();
  add_costs(handle(), evaluation_id, costs);
  link_evaluation(run_identity, evaluation.identity, evaluation.name);
  Statement(handle(), fmt::format("INSERT INTO run_evaluation (run_id, evaluation_id, name) "
                                  "SELECT run_id, ?1, name FROM found_evaluation "
                                  "WHERE evaluation_identity = ?2 {}",
                                  kFirstName))
      .bind(evaluation_id, evaluation.identity)
      .run();
  Statement(handle(), "DELETE FROM found_evaluation WHERE evaluation_identity = ?")
      .bind(evaluation.identity)
      .run();
  transaction.commit();
}

void Store::link_evaluation(const std::string& run_identity, const std::string& evaluation_identity,
                            const std::string& name) {
  Transaction transaction(handle(), "linking an evaluation");
  Statement(
      handle(),
      fmt::format("INSERT INTO run_evaluation (run_id, evaluation_id, name) VALUES (?,?,?) {}", kFirstName))
      .bind(find_id(handle(), "run", "identity", run_identity),
            find_id(handle(), "evaluation", "identity", evaluation_identity), name)
      .run();
  transaction.commit();
}

void Store::find_evaluation(const std::string& run_identity, const std::string& evaluation_identity,
                            const std::string& name) {
  if (evaluation_complete(evaluation_identity))
    return link_evaluation(run_identity, evaluation_identity, name);
  Statement(handle(),
            fmt::format("INSERT INTO found_evaluation (run_id, evaluation_identity, name) VALUES (?,?,?) {}",
                        kFirstName))
      .bind(find_id(handle(), "run", "identity", run_identity), evaluation_identity, name)
      .run();
}

}  // namespace umm::results
