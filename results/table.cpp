#include "results/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "results/database.h"
#include "results/evaluated_rows.h"
#include "results/score_grids.h"

namespace umm::results {
namespace {

constexpr double kRounding = 1e-9;  // of stored aggregates

ScoreGrid read_grid(const Store& store, const Prompts& prompts, const EvaluatedRow& row) {
  ScoreGrid grid{static_cast<int64_t>(prompts.tags.size()), prompts.tag_of_prompt, {}};
  for (const EvaluatedRun& run : row.runs) {
    grid.values.push_back(read_pictures(store, prompts, run.evaluation_identity));
  }
  return grid;
}

// The evaluator's stored aggregates are what a paper quotes; if they differ from the evidence, say so.
void check_stored_tags(const Store& store, const EvaluatedRow& row, const ScoreGrid& grid, Table& table) {
  for (size_t run = 0; run < row.runs.size(); ++run) {
    const std::vector<double> tags = tag_means({grid.num_tags, grid.tag_of_prompt, {grid.values[run]}});
    for (const auto& stored : store.scores(row.runs[run].evaluation_identity)) {
      const auto tag = std::find(table.tags.begin(), table.tags.end(), stored.name);
      if (tag == table.tags.end()) continue;
      const double computed = tags[static_cast<size_t>(tag - table.tags.begin())];
      if (std::abs(computed - stored.value) < kRounding) continue;
      table.notes.push_back(fmt::format(
          "{}, seed {}: stored {} is {:.6f}, its evidence gives {:.6f} (shown); `ummbench rescore` checks it",
          row.label, row.runs[run].seed, stored.name, stored.value, computed));
    }
  }
}

// Of each run; empty where one has none.
std::vector<double> stored_overall(const Store& store, const EvaluatedRow& row) {
  std::vector<double> values;
  for (const EvaluatedRun& run : row.runs)
    for (const auto& stored : store.scores(run.evaluation_identity))
      if (stored.name == "overall") values.push_back(stored.value);
  return values.size() == row.runs.size() ? values : std::vector<double>();
}

// How overall follows from pictures; nullopt, with a note, where it does not.
std::optional<ScoreGrid> grid_of_overall(const Store& store, const EvaluatedRow& row, const ScoreGrid& grid,
                                         TableRow& out, Table& table) {
  const std::vector<double> stored = stored_overall(store, row);
  if (stored.empty()) {
    out.overall = overall(grid);
    return grid;
  }
  out.overall = mean(stored);
  auto found = grid_of_metric(grid, table.tags, "overall", stored);
  if (found) return found;
  for (size_t run = 0; run < stored.size(); ++run) {
    const ScoreGrid alone{grid.num_tags, grid.tag_of_prompt, {grid.values[run]}};
    if (grid_of_metric(alone, table.tags, "overall", {stored[run]})) continue;
    table.notes.push_back(fmt::format(
        "{}, seed {}: stored overall is {:.6f}, which no mean over its pictures gives: no interval, no test",
        row.label, row.runs[run].seed, stored[run]));
  }
  return std::nullopt;
}

void add_costs(const Store& store, const EvaluatedRow& row, TableRow& out) {
  Statement run_costs(
      store.handle(),
      "SELECT runs.images_seen, runs.updates, costs.train_device_hours, costs.wasted_device_hours "
      "FROM runs JOIN costs USING (run_identity) WHERE run_identity = ? LIMIT 1");
  Statement evaluation_costs(
      store.handle(),
      "SELECT total(unit_costs.device_hours) FROM unit_costs "
      "JOIN evaluation ON evaluation.id = unit_costs.evaluation_id WHERE identity = ?");
  double share = 1.0 / static_cast<double>(row.runs.size());
  for (const EvaluatedRun& run : row.runs) {
    run_costs.bind(run.run_identity).step();
    evaluation_costs.bind(run.evaluation_identity).step();
    out.images_seen += share * run_costs.real(0);
    out.updates += share * run_costs.real(1);
    out.train_device_hours += share * run_costs.real(2);
    out.wasted_device_hours += share * run_costs.real(3);
    out.eval_device_hours += share * evaluation_costs.real(0);
  }
}

void add_comparisons(const std::vector<std::optional<ScoreGrid>>& grids,
                     const std::vector<std::vector<double>>& resampled, Table& table) {
  std::vector<double> p;
  for (size_t a = 0; a < grids.size(); ++a) {
    for (size_t b = 0; b < a; ++b) {
      const TableRow &row_a = table.rows[a], &row_b = table.rows[b];
      if ((row_a.reference && row_b.reference) || !grids[a] || !grids[b]) continue;
      p.push_back(sign_flip_test(*grids[a], *grids[b], kStatisticsSeed));
      table.comparisons.push_back({row_a.label, row_b.label, row_a.overall - row_b.overall,
                                   interval_of_difference(resampled[a], resampled[b]), p.back(), 1.0});
    }
  }
  std::vector<double> corrected = holm_correction(p);
  for (size_t i = 0; i < p.size(); ++i) table.comparisons[i].corrected_p = corrected[i];
}

void add_sampling(const EvaluatedRow& row, Table& table) {
  auto same = std::find_if(table.samplings.begin(), table.samplings.end(),
                           [&](const auto& sampling) { return sampling.second == row.sampling_text; });
  if (same == table.samplings.end()) {
    table.samplings.emplace_back(row.label, row.sampling_text);
  } else {
    same->first += ", " + row.label;
  }
}

}  // namespace

Table build_table(const Store& store, const std::string& sweep, const ProtocolGroup& group) {
  Prompts prompts = read_prompts(store, group.rows.front().runs.front().evaluation_identity);
  Table table;
  table.sweep = sweep;
  table.benchmark = group.benchmark;
  table.protocol_hash = group.protocol_hash;
  table.num_prompts = static_cast<int64_t>(prompts.index.size());
  table.tags = prompts.tags;
  std::vector<std::optional<ScoreGrid>> grids;
  std::vector<std::vector<double>> resampled;
  for (const EvaluatedRow& row : group.rows) {
    const ScoreGrid grid = read_grid(store, prompts, row);
    TableRow& out = table.rows.emplace_back();
    out.label = row.label;
    out.sweep_label = row.sweep_label;
    out.reference = row.reference;
    out.num_seeds = static_cast<int64_t>(row.runs.size());
    out.tags = tag_means(grid);
    const auto& of_overall = grids.emplace_back(grid_of_overall(store, row, grid, out, table));
    resampled.push_back(of_overall ? resampled_overall(*of_overall, kStatisticsSeed, resampled.size())
                                   : std::vector<double>{out.overall});
    out.interval = interval_of(resampled.back());
    add_costs(store, row, out);
    add_sampling(row, table);
    check_stored_tags(store, row, grid, table);
    if (out.wasted_device_hours > 0) {
      table.notes.push_back(
          fmt::format("{}: {:.3g} device-hours per run more went into failed and interrupted "
                      "attempts",
                      out.label, out.wasted_device_hours));
    }
  }
  add_comparisons(grids, resampled, table);
  return table;
}

std::vector<Table> build_tables(const Store& store, const std::string& sweep) {
  std::vector<Table> tables;
  for (const ProtocolGroup& group : group_evaluations(store, sweep)) {
    tables.push_back(build_table(store, sweep, group));
  }
  return tables;
}

std::vector<std::string> unfinished_runs(const Store& store, const std::string& sweep) {
  Statement statement(store.handle(),
                      "SELECT label, seed, status, coalesce(': ' || error, '') FROM runs "
                      "WHERE sweep = ? AND status <> 'complete' ORDER BY position");
  statement.bind(sweep);
  std::vector<std::string> runs;
  while (statement.step()) {
    runs.push_back(fmt::format("{}, seed {}: {}{}", statement.text(0), statement.integer(1),
                               statement.text(2), statement.text(3)));
  }
  for (auto& partial : partial_evaluations(store, sweep)) runs.push_back(std::move(partial));
  return runs;
}

}  // namespace umm::results
