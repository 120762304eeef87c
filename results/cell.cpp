#include "results/cell.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "results/database.h"
#include "results/evaluated_rows.h"
#include "results/score_grids.h"

namespace umm::results {
namespace {

constexpr size_t kShortHash = 12;  // hex digits

struct Candidate {
  const ProtocolGroup* group;
  size_t row;  // in the group
};

std::string list(const std::set<std::string>& names) {
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

std::optional<double> value_of(const Store& store, const std::string& evaluation, const std::string& metric) {
  for (const auto& score : store.scores(evaluation))
    if (score.name == metric) return score.value;
  return std::nullopt;
}

// The one that the question fits.
Candidate choose(const Store& store, const CellQuestion& question, const std::vector<ProtocolGroup>& groups) {
  std::vector<Candidate> found;
  std::set<std::string> rows, metrics, choices;
  for (const ProtocolGroup& group : groups) {
    for (size_t i = 0; i < group.rows.size(); ++i) {
      const EvaluatedRow& row = group.rows[i];
      rows.insert(row.label);
      if (row.label != question.row && row.sweep_label != question.row) continue;
      if (!question.benchmark.empty() && question.benchmark != group.benchmark) continue;
      if (!group.protocol_hash.starts_with(question.protocol)) continue;
      if (!question.weights.empty() && question.weights != row.weights) continue;
      if (!has_sampling(row, question.sampling)) continue;
      for (const auto& score : store.scores(row.runs.front().evaluation_identity)) metrics.insert(score.name);
      if (!value_of(store, row.runs.front().evaluation_identity, question.metric)) continue;
      found.push_back({&group, i});
      choices.insert(fmt::format("--row '{}' --benchmark {} --protocol {} --weights {}", row.label,
                                 group.benchmark, group.protocol_hash.substr(0, kShortHash), row.weights));
    }
  }
  if (found.size() == 1) return found.front();
  const std::string asked =
      fmt::format("sweep {}, row {}, {}", question.sweep, question.row, question.metric);
  if (!found.empty())
    throw StoreError(fmt::format("{}: several scores are called so, choose one:\n  {}", asked,
                                 fmt::join(choices, "\n  ")));
  if (!metrics.empty())
    throw StoreError(fmt::format("{}: there is no such metric; the row has: {}", asked, list(metrics)));
  throw StoreError(
      fmt::format("{}: there are no scores of such a row; rows with scores: {}", asked, list(rows)));
}

void add_costs(const Store& store, Cell& cell) {
  std::set<std::string> devices;
  for (CellRun& run : cell.runs) {
    Statement train(store.handle(), "SELECT max(train_device_hours) FROM costs WHERE run_identity = ?");
    if (train.bind(run.run_identity).step()) run.train_device_hours = train.real(0);
    Statement eval(store.handle(),
                   "SELECT total(device_hours) FROM unit_costs WHERE evaluation_id = "
                   "(SELECT id FROM evaluation WHERE identity = ?)");
    if (eval.bind(run.evaluation_identity).step()) run.eval_device_hours = eval.real(0);
    Statement device(
        store.handle(),
        "SELECT DISTINCT device_name FROM unit_costs WHERE kind <> 'wasted' AND (evaluation_id = "
        "(SELECT id FROM evaluation WHERE identity = ?1) OR stage_id IN (SELECT stage_id FROM "
        "run_stage JOIN run ON run.id = run_id WHERE run.identity = ?2))");
    device.bind(run.evaluation_identity, run.run_identity);
    while (device.step()) devices.insert(device.text(0));
  }
  cell.devices.assign(devices.begin(), devices.end());
}

void add_interval(const Store& store, const std::string& metric, Cell& cell) {
  const Prompts prompts = read_prompts(store, cell.runs.front().evaluation_identity);
  ScoreGrid grid{static_cast<int64_t>(prompts.tags.size()), prompts.tag_of_prompt, {}};
  std::vector<double> values;
  for (const CellRun& run : cell.runs) {
    grid.values.push_back(read_pictures(store, prompts, run.evaluation_identity));
    values.push_back(run.value);
  }
  cell.num_prompts = static_cast<int64_t>(prompts.tag_of_prompt.size());
  if (const auto part = grid_of_metric(grid, prompts.tags, metric, values))
    cell.interval = interval_of(resampled_overall(*part, kStatisticsSeed, draws_of(*part)));
}

}  // namespace

Cell read_cell(const Store& store, const CellQuestion& question, size_t most_runs) {
  const auto groups = group_evaluations(store, question.sweep);
  const Candidate chosen = choose(store, question, groups);
  const EvaluatedRow& row = chosen.group->rows[chosen.row];
  Cell cell;
  cell.label = row.sweep_label;
  cell.benchmark = chosen.group->benchmark;
  cell.protocol_hash = chosen.group->protocol_hash;
  cell.weights = row.weights;
  cell.sampling_text = row.sampling_text;
  cell.num_runs = static_cast<int64_t>(row.runs.size());
  for (const EvaluatedRun& run : row.runs) {
    if (most_runs > 0 && cell.runs.size() == most_runs) break;
    const auto value = value_of(store, run.evaluation_identity, question.metric);
    if (!value)
      throw StoreError(fmt::format("evaluation {} has no score {}, and others of its row have one",
                                   run.evaluation_identity, question.metric));
    cell.runs.push_back({run.run_identity, run.evaluation_identity, run.seed, *value});
    cell.mean += *value;
  }
  cell.mean /= static_cast<double>(cell.runs.size());
  add_interval(store, question.metric, cell);
  add_costs(store, cell);
  return cell;
}

PictureComparison compare_pictures(const Store& store_a, const std::string& evaluation_a,
                                   const Store& store_b, const std::string& evaluation_b) {
  using Key = std::pair<std::string, int64_t>;
  std::map<Key, EvidenceRow> a;
  for (auto& row : store_a.evidence(evaluation_a)) a[Key(row.item_id, row.image_index)] = std::move(row);
  PictureComparison comparison;
  std::set<Key> seen;
  for (const auto& row : store_b.evidence(evaluation_b)) {
    const Key key(row.item_id, row.image_index);
    seen.insert(key);
    const auto other = a.find(key);
    if (other == a.end()) continue;
    comparison.same_bytes += other->second.image_sha256 == row.image_sha256;
    comparison.same_score += other->second.score == row.score;
  }
  for (const auto& [key, row] : a) seen.insert(key);
  comparison.pictures = static_cast<int64_t>(seen.size());
  return comparison;
}

}  // namespace umm::results
