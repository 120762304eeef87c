// LaTeX with booktabs, for pdflatex and its successors.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "results/recipe_cells.h"

namespace umm::results {
namespace {

// pdflatex knows accented Latin letters by itself; these it does not, or means otherwise.
constexpr std::array<std::pair<std::string_view, std::string_view>, 42> kLatex{{
    {"\\", "\\textbackslash{}"},
    {"&", "\\&"},
    {"%", "\\%"},
    {"$", "\\$"},
    {"#", "\\#"},
    {"_", "\\_"},
    {"{", "\\{"},
    {"}", "\\}"},
    {"~", "\\textasciitilde{}"},
    {"^", "\\textasciicircum{}"},
    {"<", "\\textless{}"},
    {">", "\\textgreater{}"},
    {"|", "\\textbar{}"},
    {"\"", "''"},
    {"`", "\\textasciigrave{}"},
    {"[", "{[}"},
    {"]", "{]}"},
    {"--", "-{}-"},
    {"\u2013", "--"},
    {"\u2014", "---"},
    {"\u2020", "$^{\\dagger}$"},
    {"\u2021", "$^{\\ddagger}$"},
    {"\u00B1", "$\\pm$"},
    {"\u00D7", "$\\times$"},
    {"\u2212", "$-$"},
    {"\u2192", "$\\to$"},
    {"\u2190", "$\\leftarrow$"},
    {"\u2191", "$\\uparrow$"},
    {"\u2193", "$\\downarrow$"},
    {"\u2264", "$\\le$"},
    {"\u2265", "$\\ge$"},
    {"\u2248", "$\\approx$"},
    {"\u2260", "$\\neq$"},
    {"\u00B2", "$^2$"},
    {"\u00B3", "$^3$"},
    {"\u00B0", "$^\\circ$"},
    {"\u00B5", "$\\mu$"},
    {"\u03B1", "$\\alpha$"},
    {"\u03B2", "$\\beta$"},
    {"\u03BB", "$\\lambda$"},
    {"\u03C3", "$\\sigma$"},
    {"\u2026", "\\dots{}"},
}};

std::string latex(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    size_t taken = 1;
    std::string written(1, text[at]);
    for (const auto& [plain, command] : kLatex) {
      if (std::string_view(text).substr(at).starts_with(plain)) {
        written = command;
        taken = plain.size();
        break;
      }
    }
    const bool control = taken == 1 && static_cast<unsigned char>(text[at]) < 0x20;
    out += control ? " " : written;
    at += taken == 2 && text[at] == '-' ? 1 : taken;  // of three hyphens no two may join
  }
  return out;
}

// A number's sign is a minus; the hyphens of names stay.
std::string latex_text(const std::string& text) {
  const bool negative = text.size() > 1 && text[0] == '-' && text[1] >= '0' && text[1] <= '9';
  return negative ? "$-$" + latex(text.substr(1)) : latex(text);
}

const Style kLatexStyle{latex_text, [](const std::string& text) { return "\\textbf{" + text + "}"; },
                        [](const std::string& text) { return "\\underline{" + text + "}"; }};

std::string group_header(const Recipe& recipe) {
  std::string names, rules;
  size_t column = 2;  // the first one names the rows
  for (const auto& [name, count] : column_groups(recipe)) {
    names += name.empty() ? std::string(" &")
                          : fmt::format(" & \\multicolumn{{{}}}{{c}}{{{}}}", count, latex(name));
    if (!name.empty()) rules += fmt::format("\\cmidrule(lr){{{}-{}}}", column, column + count - 1);
    column += count;
  }
  return names + " \\\\\n" + rules + "\n";
}

}  // namespace

std::string render_latex(const RecipeTable& table) {
  const Recipe& recipe = table.recipe;
  std::string out = "% needs \\usepackage{booktabs}\n\\begin{table}[t]\n\\centering\n";
  if (!recipe.title.empty()) out += "\\caption{" + latex(recipe.title) + "}\n";
  if (!recipe.label.empty()) out += "\\label{" + recipe.label + "}\n";
  out += "\\begin{tabular}{l" + std::string(recipe.columns.size(), 'r') + "}\n\\toprule\n";
  if (has_groups(recipe)) out += group_header(recipe);
  for (const RecipeColumn& column : recipe.columns) out += " & " + latex(column.name);
  out += " \\\\\n\\midrule\n";
  for (size_t row = 0; row < recipe.rows.size(); ++row) {
    if (recipe.rows[row].line_above && row > 0) out += "\\midrule\n";
    out += latex(recipe.rows[row].name);
    for (size_t column = 0; column < recipe.columns.size(); ++column) {
      out += " & " + cell_text(table, row, column, kLatexStyle);
    }
    out += " \\\\\n";
  }
  out += "\\bottomrule\n\\end{tabular}\n";
  const std::vector<std::string> below = lines_below(table, kLatexStyle);
  if (!below.empty()) {
    out += "\n\\smallskip\n\\begin{minipage}{\\linewidth}\\footnotesize\\raggedright\n";
    for (size_t i = 0; i < below.size(); ++i) out += below[i] + (i + 1 < below.size() ? "\\par\n" : "\n");
    out += "\\end{minipage}\n";
  }
  return out + "\\end{table}\n";
}

}  // namespace umm::results
