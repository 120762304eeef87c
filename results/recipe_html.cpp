// HTML: a <figure> to put into a page, without styles of its own.
#include <fmt/format.h>

#include "results/escaped_html.h"
#include "results/recipe_cells.h"

namespace umm::results {
namespace {

const Style kHtmlStyle{[](const std::string& text) { return escaped_html(text); },
                       [](const std::string& text) { return "<b>" + text + "</b>"; },
                       [](const std::string& text) { return "<u>" + text + "</u>"; }};

const char* source_of(const RecipeCell& cell) {
  if (cell.measured) return cell.reported ? "measured reported" : "measured";
  return cell.reported ? "reported" : "missing";
}

std::string head(const Recipe& recipe) {
  std::string out = "<thead>\n";
  if (has_groups(recipe)) {
    out += "<tr><td></td>";
    for (const auto& [name, count] : column_groups(recipe)) {
      out += fmt::format("<th scope=\"colgroup\" colspan=\"{}\">{}</th>", count, escaped_html(name));
    }
    out += "</tr>\n";
  }
  out += "<tr><td></td>";
  for (const RecipeColumn& column : recipe.columns)
    out += "<th scope=\"col\">" + escaped_html(column.name) + "</th>";
  return out + "</tr>\n</thead>\n";
}

}  // namespace

std::string render_html(const RecipeTable& table) {
  const Recipe& recipe = table.recipe;
  std::string out = "<figure class=\"ummbench-table\">\n<table>\n";
  if (!recipe.title.empty()) out += "<caption>" + escaped_html(recipe.title) + "</caption>\n";
  out += head(recipe) + "<tbody>\n";
  for (size_t row = 0; row < recipe.rows.size(); ++row) {
    if (recipe.rows[row].line_above && row > 0) out += "</tbody>\n<tbody>\n";
    out += "<tr><th scope=\"row\">" + escaped_html(recipe.rows[row].name) + "</th>";
    for (size_t column = 0; column < recipe.columns.size(); ++column) {
      out += fmt::format("<td class=\"{}\">{}</td>", source_of(table.cells[row][column]),
                         cell_text(table, row, column, kHtmlStyle));
    }
    out += "</tr>\n";
  }
  out += "</tbody>\n</table>\n";
  const std::vector<std::string> below = lines_below(table, kHtmlStyle);
  if (!below.empty()) {
    out += "<figcaption>\n";
    for (const std::string& line : below) out += "<p>" + line + "</p>\n";
    out += "</figcaption>\n";
  }
  return out + "</figure>\n";
}

}  // namespace umm::results
