// Which reported value a cell shows.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "results/recipe.h"
#include "results/recipe_table.h"
#include "results/store.h"

namespace umm::results {
namespace {

bool fits(const std::string& asked, const std::string& found) {
  return asked.empty() || asked == found;
}

bool fits(const ReportedKey& key, const ReportedRow& value) {
  return fits(key.paper, value.paper) && fits(key.version, value.version) && fits(key.place, value.place) &&
         key.row == value.row;
}

std::string where(const ReportedRow& value) {
  std::string text = value.paper;
  if (!value.version.empty()) text += " (" + value.version + ")";
  if (!value.place.empty()) text += ", " + value.place;
  return value.trust.empty() ? text : text + ", " + value.trust;
}

// "geneval.overall"
std::string metric_of(const ReportedRow& value) {
  return value.benchmark + "." + value.metric;
}

double scale_of(const RecipeColumn& column, const ReportedRow& value) {
  if (column.reported_scale != 0) return column.reported_scale;
  return value.unit == "percent" ? column.scale / 100 : column.scale;
}

}  // namespace

void check_reported(const Recipe& recipe, const std::vector<ReportedRow>& values) {
  const auto any = [&](const auto& matches) { return std::any_of(values.begin(), values.end(), matches); };
  for (const RecipeRow& row : recipe.rows) {
    if (row.reported.row.empty() || any([&](const auto& value) { return fits(row.reported, value); }))
      continue;
    std::set<std::string> rows;
    for (const ReportedRow& value : values) {
      ReportedKey key = row.reported;
      key.row = value.row;
      if (fits(key, value)) rows.insert("`" + value.row + "`");
    }
    throw StoreError(fmt::format("{}: the files of reported values have no row `{}`{}{}{}; they have {}",
                                 row.place, row.reported.row,
                                 row.reported.paper.empty() ? "" : " of paper " + row.reported.paper,
                                 row.reported.version.empty() ? "" : ", version " + row.reported.version,
                                 row.reported.place.empty() ? "" : ", " + row.reported.place,
                                 rows.empty() ? "none there" : fmt::format("{}", fmt::join(rows, ", "))));
  }
  for (const RecipeColumn& column : recipe.columns) {
    if (column.reported.empty() || !column.reported_named ||
        any([&](const auto& value) { return metric_of(value) == column.reported; }))
      continue;
    std::set<std::string> metrics;
    for (const ReportedRow& value : values) metrics.insert("`" + metric_of(value) + "`");
    throw StoreError(fmt::format("{}: the files of reported values have no metric `{}`; they have {}",
                                 column.place, column.reported, fmt::join(metrics, ", ")));
  }
}

void fill_reported(const RecipeRow& row, const RecipeColumn& column, const std::vector<ReportedRow>& values,
                   RecipeCell& cell) {
  if (row.reported.row.empty() || column.reported.empty()) return;
  const ReportedRow* found = nullptr;
  for (const ReportedRow& value : values) {
    if (metric_of(value) != column.reported || !fits(row.reported, value)) continue;
    if (found != nullptr) {
      throw StoreError(fmt::format(
          "{}: two reported values of `{}` fit row `{}`: {} at {} and {} at {}; name `paper`, `version` or "
          "`table`",
          row.place, column.reported, row.name, found->value, where(*found), value.value, where(value)));
    }
    found = &value;
  }
  if (found == nullptr) return;
  cell.reported = found->value * scale_of(column, *found);
  cell.reported_where = where(*found);
}

}  // namespace umm::results
