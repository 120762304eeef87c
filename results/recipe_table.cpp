#include "results/recipe_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "results/recipe_scores.h"
#include "results/score_grids.h"

namespace umm::results {
namespace {

class MeasuredCells {
 public:
  MeasuredCells(const Store& store, RecipeTable& table) : store_(store), finder_(store), table_(table) {}

  void fill() {
    for (size_t column = 0; column < table_.recipe.columns.size(); ++column) {
      if (table_.recipe.columns[column].cost.empty())
        fill_scores(column);
      else
        fill_costs(column);
    }
    correct();
  }

 private:
  struct Tested {
    RecipeCell* cell;
    double p;
  };

  void fill_scores(size_t column);
  void fill_costs(size_t column);
  void check_protocol(const RecipeColumn& column, const std::vector<std::optional<CellScores>>& scores) const;
  void read_grids(const RecipeColumn& column, const std::vector<std::optional<CellScores>>& scores);
  void add_intervals(size_t column);
  void test_rows(size_t column);
  void correct();
  void record(const RecipeRow& row, const RecipeColumn& column, const CellScores& scores);
  const std::vector<std::vector<double>>& pictures(const Prompts& prompts, const std::string& evaluation);

  void note(const std::string& text) {
    if (std::find(table_.notes.begin(), table_.notes.end(), text) == table_.notes.end())
      table_.notes.push_back(text);
  }

  const Store& store_;
  ScoreFinder finder_;
  RecipeTable& table_;
  std::vector<std::optional<ScoreGrid>> grids_;  // of the column at hand, [rows]
  std::vector<Tested> tested_;
  std::map<size_t, std::vector<std::string>> untested_;  // row, columns where its baseline has no pictures
  // By evaluation, with the order of prompts that they are in.
  std::map<std::string, std::pair<std::map<std::string, size_t>, std::vector<std::vector<double>>>> pictures_;
  std::set<std::string> recorded_;
};

void MeasuredCells::fill_costs(size_t column) {
  const RecipeColumn& asked = table_.recipe.columns[column];
  for (size_t row = 0; row < table_.cells.size(); ++row) {
    RecipeCell& cell = table_.cells[row][column];
    const std::vector<double> costs = finder_.costs(table_.recipe.rows[row], asked, cell);
    if (!costs.empty()) cell.measured = asked.scale * mean(costs);
  }
}

void MeasuredCells::fill_scores(size_t column) {
  const RecipeColumn& asked = table_.recipe.columns[column];
  const size_t num_rows = table_.recipe.rows.size();
  std::vector<std::optional<CellScores>> scores(num_rows);
  for (size_t row = 0; row < num_rows; ++row) {
    RecipeCell& cell = table_.cells[row][column];
    std::vector<std::string> notes;
    scores[row] = finder_.find(table_.recipe.rows[row], asked, cell, notes);
    for (const std::string& text : notes) note(text);
    if (scores[row]) cell.measured = asked.scale * mean(scores[row]->values);
  }
  check_protocol(asked, scores);
  for (size_t row = 0; row < num_rows; ++row) {
    if (scores[row]) record(table_.recipe.rows[row], asked, *scores[row]);
  }
  read_grids(asked, scores);
  add_intervals(column);
  test_rows(column);
}

void MeasuredCells::check_protocol(const RecipeColumn& column,
                                   const std::vector<std::optional<CellScores>>& scores) const {
  const CellScores* first = nullptr;
  for (const auto& found : scores) {
    if (!found) continue;
    if (first == nullptr) first = &*found;
    if (first->protocol_hash == found->protocol_hash) {
      check_equal_protocols(finder_.protocol(*first), finder_.protocol(*found));
      continue;
    }
    throw StoreError(
        fmt::format("{}: the scores of column `{}` are of two protocols, which never share a column: {}; "
                    "evaluate one side again "
                    "under the other's protocol, or give each a column of its own with `protocol`",
                    column.place, column.name, finder_.difference(*first, *found)));
  }
}

const std::vector<std::vector<double>>& MeasuredCells::pictures(const Prompts& prompts,
                                                                const std::string& evaluation) {
  const auto found = pictures_.find(evaluation);
  if (found != pictures_.end() && found->second.first == prompts.index) return found->second.second;
  auto& kept = pictures_[evaluation] = {prompts.index, read_pictures(store_, prompts, evaluation)};
  return kept.second;
}

void MeasuredCells::read_grids(const RecipeColumn& column,
                               const std::vector<std::optional<CellScores>>& scores) {
  grids_.assign(scores.size(), std::nullopt);
  const bool tested =
      column.significance && std::any_of(table_.recipe.rows.begin(), table_.recipe.rows.end(),
                                         [](const RecipeRow& row) { return !row.baseline.empty(); });
  if (column.interval == IntervalStyle::kNone && !tested) return;
  std::optional<Prompts> prompts;
  std::vector<std::optional<ScoreGrid>> rows(scores.size());
  std::vector<std::vector<double>> stored(scores.size());
  for (size_t row = 0; row < scores.size(); ++row) {
    if (!scores[row]) continue;
    if (!prompts) prompts = read_prompts(store_, scores[row]->row.runs.front().evaluation_identity);
    ScoreGrid& grid = rows[row].emplace();
    grid.num_tags = static_cast<int64_t>(prompts->tags.size());
    grid.tag_of_prompt = prompts->tag_of_prompt;
    for (const EvaluatedRun& run : scores[row]->row.runs) {
      grid.values.push_back(pictures(*prompts, run.evaluation_identity));
    }
    stored[row] = scores[row]->values;
  }
  if (!prompts) return;
  grids_ = grids_of_metric(rows, prompts->tags, column.metric, stored);
  for (size_t row = 0; row < scores.size(); ++row) {
    if (!rows[row] || grids_[row]) continue;
    const bool other = grid_of_metric(*rows[row], prompts->tags, column.metric, stored[row]).has_value();
    note(fmt::format(
        "{}, {}: no interval and no test, for {} the stored {}", table_.recipe.rows[row].name, column.name,
        other ? "another mean over pictures than in the other rows gives" : "no mean over pictures gives",
        column.metric));
  }
}

void MeasuredCells::add_intervals(size_t column) {
  const RecipeColumn& asked = table_.recipe.columns[column];
  if (asked.interval == IntervalStyle::kNone) return;
  for (size_t row = 0; row < grids_.size(); ++row) {
    if (!grids_[row]) continue;
    const Interval interval =
        interval_of(resampled_overall(*grids_[row], kStatisticsSeed, draws_of(*grids_[row])));
    table_.cells[row][column].interval = {asked.scale * interval.low, asked.scale * interval.high};
  }
}

void MeasuredCells::test_rows(size_t column) {
  const auto& rows = table_.recipe.rows;
  if (!table_.recipe.columns[column].significance) return;
  for (size_t row = 0; row < grids_.size(); ++row) {
    const auto named = std::find_if(rows.begin(), rows.end(), [&](const RecipeRow& other) {
      return !rows[row].baseline.empty() && other.name == rows[row].baseline;
    });
    if (named == rows.end() || named == rows.begin() + static_cast<std::ptrdiff_t>(row) || !grids_[row])
      continue;
    const auto& baseline = grids_[static_cast<size_t>(named - rows.begin())];
    if (!baseline) {
      untested_[row].push_back(table_.recipe.columns[column].name);
      continue;
    }
    tested_.push_back({&table_.cells[row][column], sign_flip_test(*grids_[row], *baseline, kStatisticsSeed)});
  }
}

void MeasuredCells::correct() {
  std::vector<double> p;
  for (const Tested& tested : tested_) p.push_back(tested.p);
  const std::vector<double> corrected = holm_correction(p);
  for (size_t i = 0; i < tested_.size(); ++i) tested_[i].cell->p = corrected[i];
  table_.num_comparisons = static_cast<int64_t>(tested_.size());
  for (const auto& [row, columns] : untested_)
    note(fmt::format("{}: {}: not tested, for {} has nothing there to test against",
                     table_.recipe.rows[row].name, fmt::join(columns, ", "),
                     table_.recipe.rows[row].baseline));
}

void MeasuredCells::record(const RecipeRow& row, const RecipeColumn& column, const CellScores& scores) {
  const std::pair protocol(column.name, column.benchmark + " " + scores.protocol_hash);
  if (std::find(table_.protocols.begin(), table_.protocols.end(), protocol) == table_.protocols.end()) {
    table_.protocols.push_back(protocol);
  }
  for (const EvaluatedRun& run : scores.row.runs) {
    const std::pair named(fmt::format("{}, seed {}", row.name, run.seed), run.run_identity);
    if (std::find(table_.runs.begin(), table_.runs.end(), named) == table_.runs.end())
      table_.runs.push_back(named);
    if (!recorded_.insert(run.evaluation_identity).second) continue;
    table_.content += run.evaluation_identity + "\n";
    for (const auto& score : store_.scores(run.evaluation_identity))
      table_.content += fmt::format("{} {:.17g}\n", score.name, score.value);
  }
}

void add_reported(RecipeTable& table, const std::vector<ReportedRow>& reported, bool has_store) {
  const Recipe& recipe = table.recipe;
  for (size_t row = 0; row < recipe.rows.size(); ++row) {
    for (size_t column = 0; column < recipe.columns.size(); ++column) {
      RecipeCell& cell = table.cells[row][column];
      fill_reported(recipe.rows[row], recipe.columns[column], reported, cell);
      if (!has_store && recipe.source == ValueSource::kBoth)
        cell.reason = recipe.rows[row].sweep.empty() ? "not one of our runs" : "no database was given";
      cell.reason += cell.reason.empty() ? "not reported" : "; not reported";
    }
  }
}

void add_reasons(RecipeTable& table) {
  for (size_t row = 0; row < table.cells.size(); ++row) {
    std::vector<std::pair<std::string, std::string>> reasons;  // reason, columns
    for (size_t column = 0; column < table.recipe.columns.size(); ++column) {
      const RecipeCell& cell = table.cells[row][column];
      if (cell.measured || cell.reported) continue;
      const auto same = std::find_if(reasons.begin(), reasons.end(),
                                     [&](const auto& known) { return known.first == cell.reason; });
      const std::string& name = table.recipe.columns[column].name;
      if (same == reasons.end()) {
        reasons.emplace_back(cell.reason, name);
      } else {
        same->second += ", " + name;
      }
    }
    for (const auto& [reason, columns] : reasons) {
      table.notes.push_back(fmt::format("\u2013 {}: {}: {}", table.recipe.rows[row].name, columns, reason));
    }
  }
}

}  // namespace

RecipeTable fill_recipe(const Recipe& recipe, const Store* store, const std::vector<ReportedRow>& reported) {
  RecipeTable table{.recipe = recipe, .cells = {}, .notes = {}, .protocols = {}, .runs = {}, .content = {}};
  table.cells.assign(recipe.rows.size(), std::vector<RecipeCell>(recipe.columns.size()));
  if (recipe.source != ValueSource::kMeasured) check_reported(recipe, reported);
  if (store != nullptr && recipe.source != ValueSource::kReported) MeasuredCells(*store, table).fill();
  if (recipe.source != ValueSource::kMeasured) add_reported(table, reported, store != nullptr);
  emphasize(table);
  add_reasons(table);
  return table;
}

}  // namespace umm::results
