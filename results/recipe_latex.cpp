// LaTeX with booktabs, for pdflatex and its successors.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "results/recipe_cells.h"

namespace umm::results {
namespace {

// pdflatex knows accented Latin letters by itself; these it does not, or means otherwise. Others are refused
// where the recipe has them. Below the table stands what others wrote, errors of runs: there they become "?".
constexpr std::array<std::pair<std::string_view, std::string_view>, 81> kLatex{{
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
    {"--", "-{}"},  // and the second hyphen again: of three no two may join
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
    {"\u2018", "`"},
    {"\u2019", "'"},
    {"\u201C", "``"},
    {"\u201D", "''"},
    {"\u2032", "$'$"},
    {"\u00B7", "$\\cdot$"},
    {"\u00A0", "~"},
    {"\u2713", "$\\surd$"},
    {"\u2717", "$\\times$"},
    {"\u221E", "$\\infty$"},
    {"\u2211", "$\\sum$"},
    {"\u221A", "$\\surd$"},
    {"\u0393", "$\\Gamma$"},
    {"\u0394", "$\\Delta$"},
    {"\u0398", "$\\Theta$"},
    {"\u039B", "$\\Lambda$"},
    {"\u039E", "$\\Xi$"},
    {"\u03A0", "$\\Pi$"},
    {"\u03A3", "$\\Sigma$"},
    {"\u03A6", "$\\Phi$"},
    {"\u03A8", "$\\Psi$"},
    {"\u03A9", "$\\Omega$"},
    {"\u03B3", "$\\gamma$"},
    {"\u03B4", "$\\delta$"},
    {"\u03B5", "$\\varepsilon$"},
    {"\u03B6", "$\\zeta$"},
    {"\u03B7", "$\\eta$"},
    {"\u03B8", "$\\theta$"},
    {"\u03BA", "$\\kappa$"},
    {"\u03BC", "$\\mu$"},
    {"\u03BD", "$\\nu$"},
    {"\u03BE", "$\\xi$"},
    {"\u03C0", "$\\pi$"},
    {"\u03C1", "$\\rho$"},
    {"\u03C4", "$\\tau$"},
    {"\u03C6", "$\\varphi$"},
    {"\u03C7", "$\\chi$"},
    {"\u03C8", "$\\psi$"},
    {"\u03C9", "$\\omega$"},
}};

// Bytes of the character that `text` begins with, and its number; nullopt: this is no UTF-8.
std::optional<std::pair<size_t, uint32_t>> first_character(std::string_view text) {
  const auto byte = [&](size_t at) { return static_cast<unsigned char>(text[at]); };
  const size_t size = byte(0) < 0x80 ? 1 : byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
  if (text.size() < size || (byte(0) >= 0x80 && byte(0) < 0xC2)) return std::nullopt;
  uint32_t code = size == 1 ? byte(0) : byte(0) & (0xFFU >> (size + 1));
  for (size_t at = 1; at < size; ++at) {
    if ((byte(at) & 0xC0) != 0x80) return std::nullopt;
    code = code << 6 | (byte(at) & 0x3FU);
  }
  return std::pair(size, code);
}

const std::pair<std::string_view, std::string_view>* command_for(std::string_view text) {
  const auto found = std::find_if(kLatex.begin(), kLatex.end(),
                                  [&](const auto& known) { return text.starts_with(known.first); });
  return found == kLatex.end() ? nullptr : &*found;
}

// Latin letters that pdflatex writes with its usual fonts (OT1).
bool is_letter(uint32_t code) {
  constexpr std::array<uint32_t, 24> kNone{0xD0,  0xDE,  0xF0,  0xF7,  0xFE,  0x104, 0x105, 0x110,
                                           0x111, 0x118, 0x119, 0x126, 0x127, 0x12E, 0x12F, 0x138,
                                           0x13F, 0x140, 0x149, 0x14A, 0x14B, 0x166, 0x167, 0x172};
  return code >= 0xC0 && code < 0x17F && code != 0x173 &&
         std::find(kNone.begin(), kNone.end(), code) == kNone.end();
}

// `place`: in the recipe.
void check_latex(const std::string& text, const std::string& place) {
  const std::string_view all = text;
  for (size_t at = 0; at < all.size();) {
    const auto character = first_character(all.substr(at));
    if (!character)
      throw StoreError(
          fmt::format("{}: \"{}\" is not UTF-8 text, so it cannot be written as LaTeX", place, text));
    const auto [size, code] = *character;
    const bool known = code < 0x80 || is_letter(code) || command_for(all.substr(at)) != nullptr;
    if (!known)
      throw StoreError(
          fmt::format("{}: \"{}\": pdflatex has no `{}` (U+{:04X}); name it otherwise, or take "
                      "another format",
                      place, text, all.substr(at, size), code));
    at += size;
  }
}

std::string latex(const std::string& text) {
  constexpr std::pair<size_t, uint32_t> kNoCharacter{1, 0xFFFD};
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    if (const auto* command = command_for(rest)) {
      out += command->second;
      at += command->first == "--" ? 1 : command->first.size();
      continue;
    }
    const auto [size, code] = first_character(rest).value_or(kNoCharacter);
    const bool control = code < 0x20 || code == 0x7F;
    out += control ? " " : code < 0x80 || is_letter(code) ? rest.substr(0, size) : "?";
    at += size;
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

void check_characters(const Recipe& recipe) {
  check_latex(recipe.title, recipe.place);
  for (const auto& row : recipe.rows) check_latex(row.name, row.place);
  for (const auto& column : recipe.columns) {
    check_latex(column.group, column.place);
    check_latex(column.name, column.place);
  }
}

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
  check_characters(recipe);
  std::string out = "% needs \\usepackage{booktabs}\n\\begin{table}[t]\n\\centering\n";
  if (!recipe.title.empty()) out += "\\caption{" + latex(recipe.title) + "}\n";
  if (!recipe.label.empty()) out += "\\label{" + recipe.label + "}\n";
  out += "\\begin{tabular}{l" + std::string(recipe.columns.size(), 'r') + "}\n\\toprule\n";
  if (has_groups(recipe)) out += group_header(recipe);
  for (const RecipeColumn& column : recipe.columns) out += " & " + latex(column.name);
  out += " \\\\\n\\midrule\n";
  for (size_t row = 0; row < recipe.rows.size(); ++row) {
    if (recipe.rows[row].line_above && row > 0) out += "\\midrule\n";
    const std::string name = latex(recipe.rows[row].name);
    out += name.starts_with('*') ? "{}" + name : name;  // behind a line's end it would be a command's
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
