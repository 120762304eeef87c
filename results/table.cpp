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

// Of each run, as stored; where some have none, as its pictures give it.
std::vector<double> overall_of_runs(const Store& store, const EvaluatedRow& row, const ScoreGrid& grid) {
  std::vector<double> values;
  for (const EvaluatedRun& run : row.runs)
    for (const auto& stored : store.scores(run.evaluation_identity))
      if (stored.name == "overall") values.push_back(stored.value);
  if (values.size() == row.runs.size()) return values;
  values.clear();
  for (const auto& run : grid.values) values.push_back(overall({grid.num_tags, grid.tag_of_prompt, {run}}));
  return values;
}

// Why there is no interval.
void note_other_overall(const EvaluatedRow& row, const ScoreGrid& grid, const std::vector<double>& stored,
                        Table& table) {
  if (grid_of_metric(grid, table.tags, "overall", stored)) {
    table.notes.push_back(
        row.label + ": overall is another mean over pictures than in the other rows: no interval, no test");
    return;
  }
  for (size_t run = 0; run < stored.size(); ++run) {
    const ScoreGrid alone{grid.num_tags, grid.tag_of_prompt, {grid.values[run]}};
    if (grid_of_metric(alone, table.tags, "overall", {stored[run]})) continue;
    table.notes.push_back(fmt::format(
        "{}, seed {}: stored overall is {:.6f}, which no mean over its pictures gives: no interval, no test",
        row.label, row.runs[run].seed, stored[run]));
  }
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
  const bool only_references =
      std::all_of(table.rows.begin(), table.rows.end(), [](const TableRow& row) { return row.reference; });
  std::vector<double> p;
  for (size_t a = 0; a < grids.size(); ++a) {
    for (size_t b = 0; b < a; ++b) {
      const TableRow &row_a = table.rows[a], &row_b = table.rows[b];
      if ((row_a.reference && row_b.reference && !only_references) || !grids[a] || !grids[b]) continue;
      p.push_back(sign_flip_test(*grids[a], *grids[b], kStatisticsSeed));
      // Equal scores draw the same pictures, too, and would differ by nothing each time.
      const bool equal = grids[a]->values == grids[b]->values;
      const auto drawn_b =
          equal ? resampled_overall(*grids[b], kStatisticsSeed, draws_of(*grids[b]) + 1) : resampled[b];
      table.comparisons.push_back({row_a.label, row_b.label, row_a.overall - row_b.overall,
                                   interval_of_difference(resampled[a], drawn_b), p.back(), 1.0});
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
  std::vector<std::optional<ScoreGrid>> pictures;
  std::vector<std::vector<double>> stored;
  for (const EvaluatedRow& row : group.rows) {
    pictures.emplace_back(read_grid(store, prompts, row));
    stored.push_back(overall_of_runs(store, row, *pictures.back()));
  }
  const auto grids = grids_of_metric(pictures, table.tags, "overall", stored);
  std::vector<std::vector<double>> resampled(grids.size());
  for (size_t i = 0; i < group.rows.size(); ++i) {
    const EvaluatedRow& row = group.rows[i];
    TableRow& out = table.rows.emplace_back();
    out.label = row.label;
    out.sweep_label = row.sweep_label;
    out.reference = row.reference;
    out.num_seeds = static_cast<int64_t>(row.runs.size());
    out.tags = tag_means(*pictures[i]);
    out.overall = mean(stored[i]);
    if (grids[i]) {
      resampled[i] = resampled_overall(*grids[i], kStatisticsSeed, draws_of(*grids[i]));
      out.interval = interval_of(resampled[i]);
    } else {
      note_other_overall(row, *pictures[i], stored[i], table);
    }
    add_costs(store, row, out);
    add_sampling(row, table);
    check_stored_tags(store, row, *pictures[i], table);
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
  Statement statement(
      store.handle(),
      "SELECT label, seed, status, coalesce(': ' || error, ''), "
      "(SELECT group_concat(DISTINCT benchmark) FROM scores WHERE scores.run_identity = runs.run_identity) "
      "FROM runs WHERE sweep = ? AND status <> 'complete' ORDER BY position");
  statement.bind(sweep);
  std::vector<std::string> runs;
  while (statement.step()) {
    const bool evaluated = !statement.is_null(4);
    runs.push_back(fmt::format("{}: {}, seed {}: {}{}{}",
                               evaluated ? "not all evaluated" : "not in the table", statement.text(0),
                               statement.integer(1), statement.text(2), statement.text(3),
                               evaluated ? "; so far there is " + statement.text(4) : ""));
  }
  for (const auto& partial : partial_evaluations(store, sweep))
    runs.push_back("not in the table: " + partial);
  return runs;
}

}  // namespace umm::results
