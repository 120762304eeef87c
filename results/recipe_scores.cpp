#include "results/recipe_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "results/database.h"
#include "results/table_layout.h"

namespace umm::results {
namespace {

constexpr size_t kMostDifferences = 4;  // that a message names

std::string quoted_list(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "`" : ", `") + name + "`";
  return text.empty() ? "none" : text;
}

bool fits(const RecipeRow& asked, const EvaluatedRow& found) {
  return found.sweep_label == asked.label && (asked.weights.empty() || asked.weights == found.weights) &&
         has_sampling(found, asked.sampling);
}

void refuse_two_rows(const RecipeRow& asked, const RecipeColumn& column, const EvaluatedRow& a,
                     const EvaluatedRow& b) {
  const bool weights = a.weights != b.weights;
  std::string found = fmt::format("weights {} and {}", a.weights, b.weights),
              advice = fmt::format("weights = \"{}\"", b.weights);
  if (!weights) {
    const auto settings = differing_settings(a.sampling_text, b.sampling_text);
    found = settings.empty() ? "two samplings"
                             : fmt::format("{} {} and {}", settings[0].setting, settings[0].a, settings[0].b);
    advice = settings.empty() ? "sampling"
                              : fmt::format("sampling = [\"{} = {}\"]", settings[0].setting, settings[0].b);
  }
  throw StoreError(
      fmt::format("{}: row `{}` has two scores of {} in column `{}`: {}; say which, as with `{}`",
                  asked.place, asked.name, column.benchmark, column.name, found, advice));
}

}  // namespace

const std::vector<std::string>& cost_names() {
  static const std::vector<std::string> names = {"train_device_hours", "eval_device_hours",
                                                 "wasted_device_hours", "images_seen", "updates"};
  return names;
}

std::string ScoreFinder::why_absent(const RecipeRow& row) const {
  if (row.sweep.empty()) return "not one of our runs";
  Statement statement(store_.handle(), "SELECT 1 FROM sweep WHERE name = ?");
  return statement.bind(row.sweep).step() ? "" : fmt::format("the database has no sweep {}", row.sweep);
}

const std::vector<ProtocolGroup>& ScoreFinder::groups(const std::string& sweep) {
  const auto found = groups_.find(sweep);
  if (found != groups_.end()) return found->second;
  return groups_[sweep] = group_evaluations(store_, sweep);
}

std::vector<ScoreFinder::Run> ScoreFinder::runs(const RecipeRow& row) const {
  Statement statement(store_.handle(),
                      "SELECT label, seed, run_identity, status, coalesce(': ' || error, '') FROM runs "
                      "WHERE sweep = ? ORDER BY position");
  statement.bind(row.sweep);
  std::vector<Run> runs;
  std::set<std::string> labels;
  while (statement.step()) {
    labels.insert(statement.text(0));
    if (statement.text(0) != row.label) continue;
    const std::string status = statement.text(3);
    runs.push_back(
        {statement.integer(1), statement.text(2), status == "complete", status + statement.text(4)});
  }
  if (!runs.empty()) return runs;
  throw StoreError(fmt::format("{}: sweep `{}` has no runs labelled `{}`; its labels are {}", row.place,
                               row.sweep, row.label, quoted_list(labels)));
}

void ScoreFinder::count_seeds(const RecipeRow& row, const RecipeColumn& column, const CellScores& scores,
                              RecipeCell& cell, std::vector<std::string>& notes) const {
  cell.num_seeds = cell.num_planned = static_cast<int64_t>(scores.row.runs.size());
  Statement statement(
      store_.handle(),
      "SELECT 1 FROM run JOIN run_evaluation ON run_evaluation.run_id = run.id "
      "JOIN evaluation ON evaluation.id = run_evaluation.evaluation_id WHERE run.identity = ? AND "
      "benchmark = ? AND protocol_hash = ? AND weights = ? AND sampling_text = ?");
  // A row of `ummbench score` has a run for each benchmark.
  Statement external(store_.handle(), "SELECT architecture = 'external' FROM run WHERE identity = ?");
  for (const Run& run : runs(row)) {
    if (external.bind(run.identity).step() && external.integer(0) != 0) continue;
    statement.bind(run.identity, column.benchmark, scores.protocol_hash, scores.row.weights,
                   scores.row.sampling_text);
    if (statement.step()) continue;
    ++cell.num_planned;
    notes.push_back(
        fmt::format("{}, seed {}: {}", row.name, run.seed, run.complete ? "not evaluated so" : run.why_not));
  }
}

std::optional<CellScores> ScoreFinder::find(const RecipeRow& row, const RecipeColumn& column,
                                            RecipeCell& cell, std::vector<std::string>& notes) {
  cell.reason = why_absent(row);
  if (!row.sweep.empty() && column.benchmark.empty()) cell.reason = "nothing here measures it";
  if (!cell.reason.empty()) return std::nullopt;
  const std::vector<Run> planned = runs(row);
  std::vector<CellScores> fitting;  // one for each protocol
  for (const ProtocolGroup& group : groups(row.sweep)) {
    if (group.benchmark != column.benchmark || !group.protocol_hash.starts_with(column.protocol)) continue;
    const EvaluatedRow* found = nullptr;
    for (const EvaluatedRow& candidate : group.rows) {
      if (!fits(row, candidate)) continue;
      if (found != nullptr) refuse_two_rows(row, column, *found, candidate);
      found = &candidate;
    }
    if (found != nullptr) fitting.push_back({group.protocol_hash, *found, values(column, *found)});
  }
  if (fitting.size() > 1) {
    throw StoreError(fmt::format(
        "{}: row `{}` has scores of two protocols in column `{}`: {}; say which, as with `protocol = \"{}\"`",
        column.place, row.name, column.name, difference(fitting[0], fitting[1]),
        short_identity(fitting[1].protocol_hash)));
  }
  if (fitting.empty()) {
    std::set<std::string> reasons;
    for (const Run& run : planned)
      reasons.insert(run.complete ? "no scores of " + column.benchmark + " like these" : run.why_not);
    for (const auto& partial : partial_evaluations(store_, row.sweep))
      if (partial.starts_with(row.label + ", seed ")) reasons.insert(partial);
    cell.reason = fmt::format("{}", fmt::join(reasons, "; "));
    return std::nullopt;
  }
  count_seeds(row, column, fitting[0], cell, notes);
  return fitting[0];
}

std::vector<double> ScoreFinder::values(const RecipeColumn& column, const EvaluatedRow& row) const {
  std::vector<double> values;
  for (const EvaluatedRun& run : row.runs) {
    std::set<std::string> names;
    const size_t before = values.size();
    for (const auto& score : store_.scores(run.evaluation_identity)) {
      names.insert(score.name);
      if (score.name == column.metric) values.push_back(score.value);
    }
    if (values.size() > before) continue;
    throw StoreError(fmt::format("{}: `{}` has no metric `{}` in {}; it has {}", column.place,
                                 column.benchmark, column.metric, run_name(row, run), quoted_list(names)));
  }
  return values;
}

std::vector<double> ScoreFinder::costs(const RecipeRow& row, const RecipeColumn& column, RecipeCell& cell) {
  cell.reason = why_absent(row);
  if (!cell.reason.empty()) return {};
  Statement statement(
      store_.handle(),
      "SELECT train_device_hours, eval_device_hours, wasted_device_hours, images_seen, updates "
      "FROM costs JOIN runs USING (sweep, run_identity) WHERE sweep = ? AND run_identity = ?");
  const auto& names = cost_names();
  const auto which = static_cast<int>(std::find(names.begin(), names.end(), column.cost) - names.begin());
  std::vector<double> values;
  for (const Run& run : runs(row)) {
    ++cell.num_planned;
    if (!run.complete)
      cell.reason = run.why_not;
    else if (statement.bind(row.sweep, run.identity).step())
      values.push_back(statement.real(which));
  }
  cell.num_seeds = static_cast<int64_t>(values.size());
  return values;
}

std::vector<SettingDifference> ScoreFinder::protocol_difference(const std::string& a,
                                                                const std::string& b) const {
  Statement statement(store_.handle(),
                      "SELECT protocol_text, evaluator_version, detector_version FROM evaluation "
                      "WHERE identity = ?");
  const auto read = [&](const std::string& evaluation) {
    statement.bind(evaluation).step();
    return std::array{statement.text(0), statement.text(1), statement.text(2)};
  };
  const auto of_a = read(a), of_b = read(b);
  std::vector<SettingDifference> differences = differing_settings(of_a[0], of_b[0]);
  if (of_a[1] != of_b[1]) differences.push_back({"evaluator_version", of_a[1], of_b[1]});
  if (of_a[2] != of_b[2]) differences.push_back({"detector_version", of_a[2], of_b[2]});
  return differences;
}

StoredProtocol ScoreFinder::protocol(const CellScores& scores) const {
  const std::string& evaluation = scores.row.runs.front().evaluation_identity;
  Statement statement(store_.handle(), "SELECT protocol_text FROM evaluation WHERE identity = ?");
  statement.bind(evaluation).step();
  return {evaluation, scores.protocol_hash, statement.text(0)};
}

std::string ScoreFinder::run_name(const EvaluatedRow& row, const EvaluatedRun& run) {
  return fmt::format("`{}`, seed {} (run {})", row.sweep_label, run.seed, short_identity(run.run_identity));
}

std::string ScoreFinder::difference(const CellScores& a, const CellScores& b) const {
  const EvaluatedRun &run_a = a.row.runs.front(), &run_b = b.row.runs.front();
  const std::string name_a = run_name(a.row, run_a), name_b = run_name(b.row, run_b);
  const auto settings = protocol_difference(run_a.evaluation_identity, run_b.evaluation_identity);
  std::string text;
  for (size_t i = 0; i < std::min(settings.size(), kMostDifferences); ++i) {
    text += fmt::format("{}`{}` is {} in {} and {} in {}", i == 0 ? "" : ", ", settings[i].setting,
                        settings[i].a, name_a, settings[i].b, name_b);
  }
  if (settings.size() > kMostDifferences)
    text += fmt::format(", and {} more", settings.size() - kMostDifferences);
  if (settings.empty()) text = fmt::format("{} and {}, whose settings read the same", name_a, name_b);
  return fmt::format("{} (protocols {} and {})", text, short_identity(a.protocol_hash),
                     short_identity(b.protocol_hash));
}

}  // namespace umm::results
