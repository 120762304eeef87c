#include "results/report/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "results/database.h"

namespace umm::results {
namespace {

using Axes = std::map<std::string, std::string>;

// Of each label; replicate axes, which its runs differ in, are not told apart.
std::map<std::string, Axes> axes_of_labels(const Store& store, const std::string& sweep) {
  Statement row(store.handle(),
                "SELECT label, axes, replicate_axes FROM sweep_run JOIN sweep ON sweep.id = sweep_id "
                "WHERE sweep.name = ? ORDER BY position");
  row.bind(sweep);
  std::map<std::string, Axes> axes;
  while (row.step()) {
    const auto values = nlohmann::json::parse(row.text(1)), replicates = nlohmann::json::parse(row.text(2));
    Axes& of_label = axes[row.text(0)];
    for (const auto& [name, value] : values.items())
      if (value.is_string() && std::find(replicates.begin(), replicates.end(), name) == replicates.end())
        of_label[name] = value.get<std::string>();
  }
  return axes;
}

bool is_baseline(const Axes& axes, const Axes& baseline) {
  return std::all_of(baseline.begin(), baseline.end(), [&](const auto& part) {
    const auto found = axes.find(part.first);
    return found != axes.end() && found->second == part.second;
  });
}

// In the axes that the baseline does not set.
bool agree(const Axes& a, const Axes& b, const Axes& baseline) {
  return std::all_of(a.begin(), a.end(), [&](const auto& part) {
    const auto found = b.find(part.first);
    return baseline.contains(part.first) || found == b.end() || found->second == part.second;
  });
}

std::string said(const Axes& baseline) {
  std::string text;
  for (const auto& [name, value] : baseline)
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", name, value);
  return text;
}

void correct_anew(Table& table, bool corrected) {
  std::vector<double> p;
  for (const Comparison& comparison : table.comparisons) p.push_back(comparison.p);
  if (corrected) p = holm_correction(p);
  for (size_t i = 0; i < p.size(); ++i) table.comparisons[i].corrected_p = p[i];
}

}  // namespace

std::string compare_with_baseline(const Store& store, const ReportOptions& options, Table& table) {
  const auto axes = axes_of_labels(store, options.sweep);
  std::map<std::string, Axes> of_row;
  for (const TableRow& row : table.rows)
    if (const auto found = axes.find(row.sweep_label); found != axes.end()) of_row[row.label] = found->second;
  std::string how;
  const auto is_one = [&](const std::string& row) {
    return is_baseline(of_row[row], options.asked.baseline);
  };
  const bool any = std::any_of(table.rows.begin(), table.rows.end(),
                               [&](const TableRow& row) { return is_one(row.label); });
  if (!options.asked.baseline.empty() && !any) {
    how = fmt::format("No row has the baseline of the spec, {}. ", said(options.asked.baseline));
  } else if (!options.asked.baseline.empty()) {
    how = fmt::format("Against the baseline of the spec, {}. ", said(options.asked.baseline));
    std::vector<Comparison> kept;
    for (Comparison& comparison : table.comparisons) {
      if (is_one(comparison.a) == is_one(comparison.b) ||
          !agree(of_row[comparison.a], of_row[comparison.b], options.asked.baseline))
        continue;
      if (is_one(comparison.a)) {
        std::swap(comparison.a, comparison.b);
        comparison.difference = -comparison.difference;
        comparison.interval = {-comparison.interval.high, -comparison.interval.low};
      }
      kept.push_back(std::move(comparison));
    }
    table.comparisons = std::move(kept);
  }
  correct_anew(table, options.asked.correct);
  return how + "Paired sign-flip tests over prompts, " +
         (options.asked.correct ? "corrected by Holm's method for all of this table"
                                : "not corrected for their number, as the spec says") +
         "; intervals are 95 % and for each comparison alone.";
}

}  // namespace umm::results
