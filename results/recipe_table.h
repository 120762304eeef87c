// The table that a recipe describes, filled from a database and from files of reported values.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "results/recipe.h"
#include "results/reported.h"
#include "results/statistics.h"
#include "results/store.h"

namespace umm::results {

struct RecipeCell {
  std::optional<double> measured = {}, reported = {};  // times the column's scale
  std::optional<Interval> interval = {};               // 95 %, of `measured`
  int64_t num_seeds = 0, num_planned = 0;              // runs behind `measured`, and in the sweep
  std::optional<double> p = {};                        // against the row's baseline, Holm over the table
  std::string reported_where = {};                     // "RecA (v1), table 2, by_eye"
  std::string reason = {};                             // why nothing was measured
  Emphasis measured_emphasis = Emphasis::kNone, reported_emphasis = Emphasis::kNone;
};

struct RecipeTable {
  Recipe recipe = {};
  std::vector<std::vector<RecipeCell>> cells = {};  // [rows][columns]
  std::vector<std::string> notes = {};  // what stands below the table, but for the marks' meanings
  int64_t num_comparisons = 0;

  // What it was made from.
  std::vector<std::pair<std::string, std::string>> protocols = {};  // column, "geneval <hash>"
  std::vector<std::pair<std::string, std::string>> runs = {};       // "reca, seed 0", identity
  std::string content = {};                                         // every stored score that was used
};

// `store`: nullptr where nothing was measured. StoreError, with the place in the recipe: unknown labels,
// metrics and reported values, cells that fit several scores, columns of several protocols.
RecipeTable fill_recipe(const Recipe& recipe, const Store* store, const std::vector<ReportedRow>& reported);

// Its parts:
void check_reported(const Recipe& recipe, const std::vector<ReportedRow>& values);
void fill_reported(const RecipeRow& row, const RecipeColumn& column, const std::vector<ReportedRow>& values,
                   RecipeCell& cell);
void emphasize(RecipeTable& table);

// The cell's numbers as they are printed.
std::string printed(double value, const RecipeColumn& column);

enum class RecipeFormat { kText, kMarkdown, kCsv, kLatex, kHtml };

// `comment`: lines that stand in a comment of that format.
std::string render(const RecipeTable& table, RecipeFormat format, const std::vector<std::string>& comment);

}  // namespace umm::results
