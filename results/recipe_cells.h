// What stands in a table's cells and below it, for every format alike.
#pragma once

#include <string>
#include <vector>

#include "results/recipe_table.h"

namespace umm::results {

// How a format writes text. `escape` takes plain UTF-8, with the marks dagger (reported), * (significant) and
// dash (missing).
struct Style {
  std::string (*escape)(const std::string& text);
  std::string (*bold)(const std::string& escaped);
  std::string (*underline)(const std::string& escaped);
};

std::string cell_text(const RecipeTable& table, size_t row, size_t column, const Style& style);

// One line each, escaped: what the marks mean, then the table's notes.
std::vector<std::string> lines_below(const RecipeTable& table, const Style& style);

// Neighbouring columns of one group: its name ("" for none) and how many.
std::vector<std::pair<std::string, size_t>> column_groups(const Recipe& recipe);
bool has_groups(const Recipe& recipe);

std::string render_latex(const RecipeTable& table);
std::string render_html(const RecipeTable& table);

}  // namespace umm::results
