// A recipe's table as text, Markdown and CSV; recipe_latex.cpp and recipe_html.cpp have the others.
#include <fmt/format.h>

#include "results/recipe_cells.h"
#include "results/table_layout.h"

namespace umm::results {
namespace {

std::string plain(const std::string& text) {
  return on_one_line(text);
}

std::string markdown(const std::string& text) {
  std::string out;
  for (const char c : on_one_line(text)) {
    if (c == '<') {
      out += "&lt;";
      continue;
    }
    if (std::string_view("|*_\\[]").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

const Style kText{plain, [](const std::string& text) { return "<" + text + ">"; },
                  [](const std::string& text) { return "_" + text + "_"; }};
const Style kMarkdown{markdown, [](const std::string& text) { return "**" + text + "**"; },
                      [](const std::string& text) { return "<u>" + text + "</u>"; }};

Cells body(const RecipeTable& table, const Style& style) {
  Cells rows;
  for (size_t row = 0; row < table.cells.size(); ++row) {
    auto& cells = rows.emplace_back(std::vector<std::string>{style.escape(table.recipe.rows[row].name)});
    for (size_t column = 0; column < table.recipe.columns.size(); ++column) {
      cells.push_back(cell_text(table, row, column, style));
    }
  }
  return rows;
}

std::vector<std::string> header(const RecipeTable& table, const Style& style, const char* between) {
  std::vector<std::string> cells{""};
  for (const RecipeColumn& column : table.recipe.columns) {
    cells.push_back(style.escape(column.group.empty() ? column.name : column.group + between + column.name));
  }
  return cells;
}

std::string text(const RecipeTable& table) {
  std::vector<size_t> rules;
  for (size_t row = 0; row < table.recipe.rows.size(); ++row) {
    if (table.recipe.rows[row].line_above) rules.push_back(row);
  }
  std::string out = table.recipe.title.empty() ? "" : plain(table.recipe.title) + "\n\n";
  out += aligned_text(header(table, kText, "\n"), body(table, kText), rules) + "\n";
  for (const std::string& line : lines_below(table, kText)) out += line + "\n";
  return out;
}

std::string markdown(const RecipeTable& table) {
  std::string out = table.recipe.title.empty() ? "" : "**" + markdown(table.recipe.title) + "**\n\n";
  out += markdown_table(header(table, kMarkdown, " "), body(table, kMarkdown)) + "\n";
  for (const std::string& line : lines_below(table, kMarkdown)) out += "- " + line + "\n";
  return out;
}

std::string number(const std::optional<double>& value) {
  return value ? exact(*value) : "";
}

// A line for each value, so that measured and reported ones stay apart.
std::string csv(const RecipeTable& table) {
  std::string out = "row,group,column,source,value,low,high,seeds,seeds_planned,p,note\n";
  for (size_t row = 0; row < table.cells.size(); ++row) {
    for (size_t column = 0; column < table.recipe.columns.size(); ++column) {
      const RecipeCell& cell = table.cells[row][column];
      const RecipeColumn& asked = table.recipe.columns[column];
      const std::string start = csv_field(table.recipe.rows[row].name) + "," + csv_field(asked.group) + "," +
                                csv_field(asked.name) + ",";
      if (cell.measured) {
        const auto low = cell.interval ? std::optional(cell.interval->low) : std::nullopt;
        const auto high = cell.interval ? std::optional(cell.interval->high) : std::nullopt;
        out += fmt::format("{}measured,{},{},{},{},{},{},\n", start, number(cell.measured), number(low),
                           number(high), cell.num_seeds, cell.num_planned, number(cell.p));
      }
      if (cell.reported) {
        out += fmt::format("{}reported,{},,,,,,{}\n", start, number(cell.reported),
                           csv_field(cell.reported_where));
      }
      if (!cell.measured && !cell.reported)
        out += fmt::format("{}missing,,,,,,,{}\n", start, csv_field(cell.reason));
    }
  }
  return out;
}

// Nothing in a comment may end it.
std::string commented(const std::vector<std::string>& lines, RecipeFormat format) {
  const bool markup = format == RecipeFormat::kMarkdown || format == RecipeFormat::kHtml;
  const char* start = format == RecipeFormat::kLatex ? "% " : markup ? "" : "# ";
  std::string out;
  for (std::string line : lines) {
    for (char& c : line) {
      if (c == '\n' || c == '\r') c = ' ';
    }
    for (size_t at = 0; markup && (at = line.find("--", at)) != std::string::npos;)
      line.replace(at, 2, "- -");
    out += start + line + "\n";
  }
  if (out.empty()) return out;
  return markup ? "<!--\n" + out + "-->\n\n" : out;
}

}  // namespace

std::string render(const RecipeTable& table, RecipeFormat format, const std::vector<std::string>& comment) {
  const std::string above = commented(comment, format);
  switch (format) {
    case RecipeFormat::kText:
      return above + text(table);
    case RecipeFormat::kMarkdown:
      return above + markdown(table);
    case RecipeFormat::kCsv:
      return above + csv(table);
    case RecipeFormat::kLatex:
      return above + render_latex(table);
    case RecipeFormat::kHtml:
      return above + render_html(table);
  }
  throw StoreError("unknown table format");
}

}  // namespace umm::results
