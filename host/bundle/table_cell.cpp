#include "bundle/table_cell.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "tables/recipe_file.h"
#include "umm/error.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

std::string list(const std::vector<std::string>& names) {
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

bool is_called(const std::string& file, const std::string& name) {
  const fs::path path = file;
  return file == name || path.filename() == name || path.stem() == name;
}

// The one of `all` that `fits`.
template <typename Part, typename Fits>
const Part& only(const std::vector<Part>& all, const std::string& what, const Fits& fits) {
  const auto found = std::find_if(all.begin(), all.end(), fits);
  if (found != all.end() && std::count_if(all.begin(), all.end(), fits) == 1) return *found;
  std::vector<std::string> names;
  for (const Part& part : all)
    if (found == all.end() || fits(part)) names.push_back(part.name);
  throw InputError(fmt::format("{}; {}: {}", what,
                               found == all.end() ? "there is none such, but" : "several are called so",
                               list(names)));
}

std::string recipe_file(const TableCell& cell, const std::vector<std::string>& recipes) {
  std::vector<std::string> found;
  for (const auto& file : recipes)
    if (is_called(file, cell.recipe)) found.push_back(file);
  if (found.size() == 1) return found.front();
  throw InputError(found.empty() ? fmt::format("--recipe {}: the bundle has none of this name; it has: {}",
                                               cell.recipe, list(recipes))
                                 : fmt::format("--recipe {}: the bundle has several, choose one: {}",
                                               cell.recipe, list(found)));
}

}  // namespace

results::CellQuestion question_of(const TableCell& cell, const BundleManifest& manifest,
                                  const fs::path& bundle) {
  const std::string file = recipe_file(cell, manifest.recipes);
  const results::Recipe recipe = read_recipe((bundle / file).string()).recipe;
  const auto& row = only(recipe.rows, fmt::format("{}: --row {}", file, cell.row),
                         [&](const auto& other) { return other.name == cell.row; });
  const auto& column = only(recipe.columns, fmt::format("{}: --column {}", file, cell.column),
                            [&](const auto& other) { return other.name == cell.column; });
  UMM_CHECK_INPUT(!row.sweep.empty(), row.place, ": row ", row.name,
                  " is of another paper: its figures are reported, and there is nothing to run");
  UMM_CHECK_INPUT(row.sweep == manifest.sweep, row.place, ": row ", row.name, " is of sweep ", row.sweep,
                  "; this bundle has ", manifest.sweep);
  UMM_CHECK_INPUT(!column.metric.empty(), column.place, ": column ", column.name,
                  " has no score of a benchmark, so there is nothing to compare");
  return {.sweep = row.sweep,
          .row = row.label,
          .metric = column.metric,
          .benchmark = column.benchmark,
          .protocol = column.protocol,
          .weights = row.weights,
          .sampling = row.sampling};
}

}  // namespace umm
