#include "results/recipe_cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace umm::results {
namespace {

constexpr const char *kReported = "\u2020", *kSignificant = "*", *kMissing = "\u2013", *kPlusMinus = "\u00B1";

bool significant(const RecipeTable& table, const RecipeCell& cell) {
  return cell.p && *cell.p < table.recipe.alpha;
}

std::string emphasized(const std::string& text, Emphasis emphasis, const Style& style) {
  switch (emphasis) {
    case Emphasis::kBold:
      return style.bold(text);
    case Emphasis::kUnderline:
      return style.underline(text);
    case Emphasis::kNone:
      break;
  }
  return text;
}

// Escaped number by number: a sign is written as such only where a text begins with it.
std::string interval_text(const Interval& interval, const RecipeColumn& column, const Style& style) {
  const auto number = [&](double value) { return style.escape(printed(value, column)); };
  if (column.interval == IntervalStyle::kPlusMinus)
    return style.escape(fmt::format(" {} ", kPlusMinus)) + number((interval.high - interval.low) / 2);
  return style.escape(" [") + number(interval.low) + style.escape(", ") + number(interval.high) +
         style.escape("]");
}

// Of one column: best and second best of `values`, which are those of one kind.
void rank(const RecipeColumn& column, const std::vector<std::pair<double, Emphasis*>>& values) {
  std::set<double> distinct;  // as printed: what looks alike is alike
  const auto shown = [&](double value) { return std::strtod(printed(value, column).c_str(), nullptr); };
  for (const auto& [value, emphasis] : values) distinct.insert(shown(value));
  if (distinct.size() < 2) return;
  const bool higher = column.better == Better::kHigher;
  const double best = higher ? *distinct.rbegin() : *distinct.begin();
  const double second = higher ? *std::next(distinct.rbegin()) : *std::next(distinct.begin());
  for (const auto& [value, emphasis] : values) {
    if (shown(value) == best) *emphasis = column.best;
    if (shown(value) == second) *emphasis = column.second_best;
  }
}

template <typename Predicate>
bool any_cell(const RecipeTable& table, Predicate matches) {
  for (size_t row = 0; row < table.cells.size(); ++row) {
    for (size_t column = 0; column < table.recipe.columns.size(); ++column) {
      if (matches(table.cells[row][column], table.recipe.columns[column])) return true;
    }
  }
  return false;
}

std::string emphasis_legend(const RecipeTable& table, const Style& style) {
  std::string text;
  for (const Emphasis kind : {Emphasis::kBold, Emphasis::kUnderline}) {
    bool best = false, second = false;
    for (size_t column = 0; column < table.recipe.columns.size(); ++column) {
      const RecipeColumn& asked = table.recipe.columns[column];
      for (const auto& row : table.cells) {
        if (row[column].measured_emphasis != kind && row[column].reported_emphasis != kind) continue;
        best = best || asked.best == kind;
        second = second || asked.second_best == kind;
      }
    }
    const char* what = best && second ? "the best two" : best ? "best" : second ? "second best" : "";
    if (*what != '\0') text += (text.empty() ? "" : ", ") + emphasized(what, kind, style);
  }
  return text.empty() ? "" : text + " of a column; measured and reported values are not ranked together.";
}

std::string test_legend(const RecipeTable& table) {
  std::set<std::string> baselines;
  for (size_t row = 0; row < table.cells.size(); ++row) {
    const bool tested = std::any_of(table.cells[row].begin(), table.cells[row].end(),
                                    [](const RecipeCell& cell) { return cell.p.has_value(); });
    if (tested) baselines.insert(table.recipe.rows[row].baseline);
  }
  if (baselines.empty()) return "";
  return fmt::format(
      "{} p < {:g} against {}: paired sign-flip test over prompts, Holm-corrected for {} comparison{}.",
      kSignificant, table.recipe.alpha, baselines.size() == 1 ? *baselines.begin() : "the row's baseline",
      table.num_comparisons, table.num_comparisons == 1 ? "" : "s");
}

std::string interval_legend(const RecipeTable& table) {
  const auto has = [&](IntervalStyle style) {
    return any_cell(table, [&](const RecipeCell& cell, const RecipeColumn& column) {
      return cell.interval && column.interval == style;
    });
  };
  const bool brackets = has(IntervalStyle::kBrackets), plus_minus = has(IntervalStyle::kPlusMinus);
  if (!brackets && !plus_minus) return "";
  const std::string what = !plus_minus ? "In brackets"
                           : !brackets
                               ? fmt::format("{} half the width of", kPlusMinus)
                               : fmt::format("In brackets, and by half their width behind {},", kPlusMinus);
  return what + " 95 % intervals: seeds, prompts within their tags and pictures drawn again.";
}

std::string reported_legend(const RecipeTable& table) {
  std::vector<std::string> places;
  for (const auto& row : table.cells) {
    for (const RecipeCell& cell : row) {
      if (cell.reported && std::find(places.begin(), places.end(), cell.reported_where) == places.end()) {
        places.push_back(cell.reported_where);
      }
    }
  }
  return places.empty()
             ? ""
             : fmt::format("{} reported, not measured here: {}.", kReported, fmt::join(places, "; "));
}

}  // namespace

std::string printed(double value, const RecipeColumn& column) {
  std::string text = fmt::format("{:.{}f}", value, column.digits);
  if (text.starts_with('-') && text.find_first_not_of("-0.") == std::string::npos) text.erase(0, 1);
  return text;
}

void emphasize(RecipeTable& table) {
  for (size_t column = 0; column < table.recipe.columns.size(); ++column) {
    std::vector<std::pair<double, Emphasis*>> measured, reported;
    for (auto& row : table.cells) {
      RecipeCell& cell = row[column];
      if (cell.measured) measured.emplace_back(*cell.measured, &cell.measured_emphasis);
      if (cell.reported) reported.emplace_back(*cell.reported, &cell.reported_emphasis);
    }
    rank(table.recipe.columns[column], measured.empty() ? reported : measured);
  }
}

std::string cell_text(const RecipeTable& table, size_t row, size_t column, const Style& style) {
  const RecipeCell& cell = table.cells[row][column];
  const RecipeColumn& asked = table.recipe.columns[column];
  std::string reported;
  if (cell.reported) {
    reported = emphasized(style.escape(printed(*cell.reported, asked)), cell.reported_emphasis, style) +
               style.escape(kReported);
  }
  if (!cell.measured) return reported.empty() ? style.escape(kMissing) : reported;
  std::string text = emphasized(style.escape(printed(*cell.measured, asked)), cell.measured_emphasis, style);
  if (significant(table, cell)) text += style.escape(kSignificant);
  if (cell.interval) text += interval_text(*cell.interval, asked, style);
  if (cell.num_seeds < cell.num_planned)
    text += style.escape(fmt::format(" (n={}/{})", cell.num_seeds, cell.num_planned));
  return reported.empty() ? text : text + " (" + reported + ")";
}

std::vector<std::string> lines_below(const RecipeTable& table, const Style& style) {
  std::vector<std::string> lines;
  const auto add = [&](const std::string& escaped) {
    if (!escaped.empty()) lines.push_back(escaped);
  };
  add(emphasis_legend(table, style));
  add(style.escape(test_legend(table)));
  add(style.escape(interval_legend(table)));
  add(style.escape(reported_legend(table)));
  for (const std::string& note : table.notes) add(style.escape(note));
  return lines;
}

std::vector<std::pair<std::string, size_t>> column_groups(const Recipe& recipe) {
  std::vector<std::pair<std::string, size_t>> groups;
  for (const RecipeColumn& column : recipe.columns) {
    if (!groups.empty() && !column.group.empty() && groups.back().first == column.group) {
      ++groups.back().second;
    } else {
      groups.emplace_back(column.group, 1);
    }
  }
  return groups;
}

bool has_groups(const Recipe& recipe) {
  return std::any_of(recipe.columns.begin(), recipe.columns.end(),
                     [](const RecipeColumn& column) { return !column.group.empty(); });
}

}  // namespace umm::results
