// How a table looks: aligned text, Markdown, CSV.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results/table.h"

namespace umm::results {
namespace {

constexpr size_t kShortHash = 12;  // hex digits

// Header cells may have several lines, apart by '\n'. The first column is text, the others are numbers.
using Cells = std::vector<std::vector<std::string>>;

std::string hours(double value) {  // three significant digits, never in exponents
  if (value == 0) return "0";
  int decimals = std::clamp(2 - static_cast<int>(std::floor(std::log10(value))), 0, 6);
  return fmt::format("{:.{}f}", value, decimals);
}

std::string spaced(std::string name, char separator) {
  std::replace(name.begin(), name.end(), '_', separator);
  return name;
}

std::string p_text(double p) {
  return p < 1e-4 ? "p < 0.0001" : fmt::format("p = {:.4f}", p);
}

// Characters on screen, near enough: UTF-8 continuation bytes do not count.
size_t width(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

// Canonical texts have a line per key; here they become one line.
std::string on_one_line(const std::string& text) {
  std::string joined;
  for (const std::string& line : lines_of(text)) {
    if (!line.empty()) joined += (joined.empty() ? "" : ", ") + line;
  }
  return joined;
}

// `separator`: between the words of a header.
std::vector<std::string> header(const Table& table, char separator) {
  std::vector<std::string> cells{"row"};
  for (const std::string& tag : table.tags) cells.push_back(spaced(tag, separator));
  for (const char* name : {"overall [95% interval]", "images_seen", "updates", "train_device_hours",
                           "eval_device_hours", "seeds"}) {
    cells.push_back(spaced(name, separator));
  }
  return cells;
}

Cells body(const Table& table) {
  Cells rows;
  for (const TableRow& row : table.rows) {
    std::vector<std::string>& cells = rows.emplace_back();
    cells.push_back(row.label);
    for (double tag : row.tags) cells.push_back(fmt::format("{:.2f}", tag));
    cells.push_back(fmt::format("{:.3f} [{:.3f}, {:.3f}]", row.overall, row.interval.low, row.interval.high));
    cells.push_back(fmt::format("{:.0f}", row.images_seen));
    cells.push_back(fmt::format("{:.0f}", row.updates));
    cells.push_back(hours(row.train_device_hours));
    cells.push_back(hours(row.eval_device_hours));
    cells.push_back(std::to_string(row.num_seeds));
  }
  return rows;
}

void append_line(std::string& out, const std::vector<std::string>& cells, const std::vector<size_t>& widths) {
  std::string line;
  for (size_t column = 0; column < cells.size(); ++column) {
    std::string padding(widths[column] - width(cells[column]), ' ');
    line += (column == 0 ? cells[column] + padding : "  " + padding + cells[column]);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + "\n";
}

std::string aligned(const Table& table) {
  std::vector<std::vector<std::string>> header_lines;  // [column][line], bottom-aligned below
  for (const std::string& cell : header(table, '\n')) header_lines.push_back(lines_of(cell));
  Cells rows = body(table);
  std::vector<size_t> widths;
  size_t height = 0, total = 0;
  for (size_t column = 0; column < header_lines.size(); ++column) {
    size_t widest = 0;
    for (const std::string& line : header_lines[column]) widest = std::max(widest, width(line));
    for (const auto& row : rows) widest = std::max(widest, width(row[column]));
    widths.push_back(widest);
    total += widest + (column == 0 ? 0 : 2);
    height = std::max(height, header_lines[column].size());
  }
  std::string out;
  for (size_t line = 0; line < height; ++line) {
    std::vector<std::string> cells;
    for (const auto& lines : header_lines) {
      size_t missing = height - lines.size();
      cells.push_back(line < missing ? "" : lines[line - missing]);
    }
    append_line(out, cells, widths);
  }
  out += std::string(total, '-') + "\n";
  for (const auto& row : rows) append_line(out, row, widths);
  return out;
}

std::string escaped(std::string text) {
  for (size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

std::string markdown_rows(const Table& table) {
  std::string out;
  auto append = [&](const std::vector<std::string>& cells) {
    for (const std::string& cell : cells) out += "| " + escaped(cell) + " ";
    out += "|\n";
  };
  append(header(table, ' '));
  out += "|---|";
  for (size_t i = 0; i < table.tags.size() + 6; ++i) out += "---:|";
  out += "\n";
  for (const auto& row : body(table)) append(row);
  return out;
}

// Everything under the rows. `bullet` starts a line.
std::string below(const Table& table, const std::string& bullet) {
  std::string out;
  size_t longest = 0;
  for (const Comparison& c : table.comparisons) longest = std::max(longest, width(c.a) + width(c.b));
  for (const Comparison& c : table.comparisons) {
    std::string padding(longest - width(c.a) - width(c.b), ' ');
    out += fmt::format("{}{} vs {}{}  {:+.3f} [{:+.3f}, {:+.3f}]  {}\n", bullet, c.a, c.b, padding,
                       c.difference, c.interval.low, c.interval.high, p_text(c.corrected_p));
  }
  if (!out.empty()) {
    out = fmt::format(
        "Differences in overall with 95% intervals; paired sign-flip tests over prompts, Holm-corrected "
        "for {}:\n\n{}\n",
        table.comparisons.size(), out);
  }
  out += fmt::format("Protocol {}: {}, {} prompts.\n", table.protocol_hash.substr(0, kShortHash),
                     table.benchmark, table.num_prompts);
  for (const auto& [labels, text] : table.samplings) {
    if (!text.empty()) out += fmt::format("{}sampling of {}: {}\n", bullet, labels, on_one_line(text));
  }
  for (const std::string& note : table.notes) out += fmt::format("{}note: {}\n", bullet, note);
  return out;
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string csv(const Table& table) {
  std::string out = "sweep,benchmark,protocol_hash,row,reference,seeds";
  for (const std::string& tag : table.tags) out += "," + quoted(tag);
  out +=
      ",overall,overall_low,overall_high,images_seen,updates,train_device_hours,eval_device_hours,"
      "wasted_device_hours\n";
  for (const TableRow& row : table.rows) {
    out += fmt::format("{},{},{},{},{},{}", quoted(table.sweep), quoted(table.benchmark),
                       quoted(table.protocol_hash), quoted(row.label), row.reference ? 1 : 0, row.num_seeds);
    for (double tag : row.tags) out += fmt::format(",{:.9g}", tag);
    out += fmt::format(",{:.9g},{:.9g},{:.9g},{:.9g},{:.9g},{:.9g},{:.9g},{:.9g}\n", row.overall,
                       row.interval.low, row.interval.high, row.images_seen, row.updates,
                       row.train_device_hours, row.eval_device_hours, row.wasted_device_hours);
  }
  return out;
}

}  // namespace

std::string render(const Table& table, TableFormat format) {
  switch (format) {
    case TableFormat::kText:
      return aligned(table) + "\n" + below(table, "  ");
    case TableFormat::kMarkdown:
      return markdown_rows(table) + "\n" + below(table, "- ");
    case TableFormat::kCsv:
      return csv(table);
  }
  throw StoreError("unknown table format");
}

}  // namespace umm::results
