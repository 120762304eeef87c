#include "results/table_layout.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace umm::results {
namespace {

void append_line(std::string& out, const std::vector<std::string>& cells, const std::vector<size_t>& widths) {
  std::string line;
  for (size_t column = 0; column < cells.size(); ++column) {
    std::string padding(widths[column] - width_of(cells[column]), ' ');
    line += (column == 0 ? cells[column] + padding : "  " + padding + cells[column]);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + "\n";
}

}  // namespace

size_t width_of(std::string_view text) {  // UTF-8 continuation bytes do not count
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

std::string aligned_text(const std::vector<std::string>& header, const Cells& rows,
                         const std::vector<size_t>& rules) {
  std::vector<std::vector<std::string>> header_lines;  // [column][line], bottom-aligned below
  for (const std::string& cell : header) header_lines.push_back(lines_of(cell));
  std::vector<size_t> widths;
  size_t height = 0, total = 0;
  for (size_t column = 0; column < header_lines.size(); ++column) {
    size_t widest = 0;
    for (const std::string& line : header_lines[column]) widest = std::max(widest, width_of(line));
    for (const auto& row : rows) widest = std::max(widest, width_of(row[column]));
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
  std::string rule(total, '-');
  rule += '\n';
  out += rule;
  for (size_t row = 0; row < rows.size(); ++row) {
    if (std::find(rules.begin(), rules.end(), row) != rules.end()) out += rule;
    append_line(out, rows[row], widths);
  }
  return out;
}

std::string escape_pipes(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_table(const std::vector<std::string>& header, const Cells& rows) {
  std::string out;
  auto append = [&](const std::vector<std::string>& cells) {
    for (const std::string& cell : cells) out += "| " + cell + " ";
    out += "|\n";
  };
  append(header);
  out += "|---|";
  for (size_t i = 1; i < header.size(); ++i) out += "---:|";
  out += "\n";
  for (const auto& row : rows) append(row);
  return out;
}

std::string short_identity(const std::string& identity) {
  return identity.substr(0, 12);
}

std::string on_one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

std::string exact(double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string field = "\"";
  for (const char c : text) field += c == '"' ? "\"\"" : std::string(1, c);
  return field + "\"";
}

}  // namespace umm::results
