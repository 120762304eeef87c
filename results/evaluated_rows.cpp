#include "results/evaluated_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>

#include "results/database.h"
#include "results/protocol_difference.h"
#include "results/table_layout.h"

namespace umm::results {
namespace {

void check_sweep_exists(const Store& store, const std::string& sweep) {
  Statement one(store.handle(), "SELECT 1 FROM sweep WHERE name = ?");
  if (one.bind(sweep).step()) return;
  std::string names;
  Statement all(store.handle(), "SELECT name FROM sweep ORDER BY name");
  while (all.step()) names += (names.empty() ? "" : ", ") + all.text(0);
  throw StoreError(fmt::format("{}: there is no sweep '{}'; the database has: {}",
                               sqlite3_db_filename(store.handle(), "main"), sweep,
                               names.empty() ? "none" : names));
}

constexpr const char* kEvaluationsOfSweep =
    "FROM sweep JOIN sweep_run ON sweep_run.sweep_id = sweep.id JOIN run ON run.id = sweep_run.run_id "
    "JOIN run_evaluation ON run_evaluation.run_id = run.id "
    "JOIN evaluation ON evaluation.id = run_evaluation.evaluation_id ";

// The element that `matches`, appended if there is none.
template <typename T, typename Predicate>
T& find_or_add(std::vector<T>& elements, Predicate matches) {
  auto found = std::find_if(elements.begin(), elements.end(), matches);
  return found == elements.end() ? elements.emplace_back() : *found;
}

// One label evaluated with several weights or samplers gives several rows; their names must say so.
void make_labels_unique(std::vector<EvaluatedRow>& rows) {
  std::vector<std::string> labels;
  for (const EvaluatedRow& row : rows) {
    std::vector<std::string> samplings;
    std::set<std::string> weights;
    for (const EvaluatedRow& other : rows) {
      if (other.label != row.label || other.partial != row.partial) continue;
      weights.insert(other.weights);
      if (std::find(samplings.begin(), samplings.end(), other.sampling_text) == samplings.end()) {
        samplings.push_back(other.sampling_text);
      }
    }
    std::string label = row.label;
    if (weights.size() > 1) label += fmt::format(" ({})", row.weights);
    if (samplings.size() > 1) {
      auto place = std::find(samplings.begin(), samplings.end(), row.sampling_text) - samplings.begin();
      label += fmt::format(" (sampling {})", place + 1);
    }
    if (row.partial) label += " (partial)";
    labels.push_back(label);
  }
  for (size_t i = 0; i < rows.size(); ++i) rows[i].label = labels[i];
}

// Which options are paths their plugins alone know: these, and whatever is a path to a file of the same name.
bool names_one_file(const SettingDifference& difference) {
  constexpr std::array<std::string_view, 3> kPaths = {
      "evaluator_options.judge_prompts", "evaluator_options.pictures", "evaluator_options.questions"};
  if (std::find(kPaths.begin(), kPaths.end(), difference.setting) != kPaths.end()) return true;
  const auto is_path = [](const std::string& value) { return value.find('/') != std::string::npos; };
  const auto name = [](const std::string& value) {
    return (std::filesystem::path(value) / "").parent_path().filename();
  };
  return is_path(difference.a) && is_path(difference.b) && name(difference.a) == name(difference.b);
}

}  // namespace

std::string is_partial(const Store& store) {
  if (!has_column(store.handle(), "score", "num_unscored")) return "0";
  return "(EXISTS (SELECT 1 FROM score WHERE score.evaluation_id = evaluation.id AND num_unscored > 0) OR "
         "NOT EXISTS (SELECT 1 FROM score WHERE score.evaluation_id = evaluation.id) AND "
         "(SELECT coalesce(max(evidence.status <> 'scored'), 1) FROM item "
         "JOIN evidence ON item_row_id = item.id WHERE item.evaluation_id = evaluation.id))";
}

void check_equal_protocols(const StoredProtocol& a, const StoredProtocol& b) {
  if (a.hash != b.hash || a.text == b.text) return;
  const bool prompt_file = a.text.find("prompt_options") == std::string::npos;
  for (const auto& difference : differing_settings(a.text, b.text)) {
    if ((difference.setting == "prompts" && prompt_file) || names_one_file(difference)) continue;
    throw StoreError(fmt::format(
        "evaluations {} and {} have one protocol hash, {}, and different protocols: `{}` is {} in one and {} "
        "in the other. One of them was changed after it was stored; make the database again from its "
        "journals "
        "with `ummbench db ingest`",
        short_identity(a.evaluation), short_identity(b.evaluation), short_identity(a.hash),
        difference.setting, difference.a, difference.b));
  }
}

std::vector<ProtocolGroup> group_evaluations(const Store& store, const std::string& sweep, Partial partial) {
  check_sweep_exists(store, sweep);
  Statement statement(store.handle(),
                      "SELECT evaluation.benchmark, evaluation.protocol_hash, sweep_run.label, "
                      "sweep_run.reference, evaluation.weights, evaluation.sampling_text, run.identity, "
                      "evaluation.identity, run.seed, evaluation.protocol_text, " +
                          is_partial(store) + " AS partial " + kEvaluationsOfSweep + "WHERE sweep.name = ? " +
                          (partial == Partial::kLeftOut ? "AND NOT partial " : "") +
                          "ORDER BY sweep_run.position, evaluation.created_utc, evaluation.identity");
  statement.bind(sweep);
  std::vector<ProtocolGroup> groups;
  std::map<std::string, StoredProtocol> protocols;  // by hash
  while (statement.step()) {
    std::string benchmark = statement.text(0), protocol = statement.text(1), label = statement.text(2);
    std::string weights = statement.text(4), sampling = statement.text(5);
    const bool lacks_scores = statement.integer(10) != 0;
    const StoredProtocol own{statement.text(7), protocol, statement.text(9)};
    check_equal_protocols(protocols.emplace(protocol, own).first->second, own);
    ProtocolGroup& group = find_or_add(groups, [&](const ProtocolGroup& g) {
      return g.benchmark == benchmark && g.protocol_hash == protocol;
    });
    group.benchmark = benchmark;
    group.protocol_hash = protocol;
    EvaluatedRow& row = find_or_add(group.rows, [&](const EvaluatedRow& r) {
      return r.label == label && r.weights == weights && r.sampling_text == sampling &&
             r.partial == lacks_scores;
    });
    row.label = row.sweep_label = label;
    row.reference = statement.integer(3) != 0;
    row.partial = lacks_scores;
    row.weights = weights;
    row.sampling_text = sampling;
    // Untrained weights give every seed the same evaluation: that is one replicate, not several.
    std::string evaluation = statement.text(7);
    if (std::none_of(row.runs.begin(), row.runs.end(),
                     [&](const EvaluatedRun& run) { return run.evaluation_identity == evaluation; })) {
      row.runs.push_back({statement.text(6), evaluation, statement.integer(8)});
    }
  }
  for (ProtocolGroup& group : groups) make_labels_unique(group.rows);
  return groups;
}

bool has_sampling(const EvaluatedRow& row, const std::vector<std::string>& lines) {
  const std::string text = "\n" + row.sampling_text + "\n";
  return std::all_of(lines.begin(), lines.end(), [&](const std::string& line) {
    return text.find("\n" + line + "\n") != std::string::npos;
  });
}

std::vector<std::string> partial_evaluations(const Store& store, const std::string& sweep) {
  const std::string has_scores =
      has_column(store.handle(), "score", "num_unscored") ? "last.num_unscored, last.num_images" : "0, 0";
  Statement statement(
      store.handle(),
      "SELECT sweep_run.label, run.seed, evaluation.benchmark, evaluation.id, last.evaluation_id IS NULL, " +
          has_scores + " " + kEvaluationsOfSweep +
          "LEFT JOIN score AS last ON last.evaluation_id = evaluation.id AND last.position = "
          "(SELECT max(position) FROM score WHERE score.evaluation_id = evaluation.id) "
          "WHERE sweep.name = ? AND " +
          is_partial(store) + " ORDER BY sweep_run.position, evaluation.benchmark, evaluation.id");
  Statement pictures(
      store.handle(),
      "SELECT count(*) FROM item JOIN evidence ON item_row_id = item.id WHERE evaluation_id = ?");
  statement.bind(sweep);
  std::vector<std::string> evaluations;
  while (statement.step()) {
    int64_t without = statement.integer(5), all = statement.integer(6);
    if (statement.integer(4) != 0) {
      pictures.bind(statement.integer(3)).step();
      without = all = pictures.integer(0);
    }
    evaluations.push_back(fmt::format("{}, seed {}: {} is partial, {} of {} pictures have no score",
                                      statement.text(0), statement.integer(1), statement.text(2), without,
                                      all));
  }
  return evaluations;
}

}  // namespace umm::results
