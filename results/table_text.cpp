// How a table looks: aligned text, Markdown, CSV.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results/table.h"
#include "results/table_layout.h"

namespace umm::results {
namespace {

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

// Canonical texts have a line per key; here they become one line.
std::string keys_on_one_line(const std::string& text) {
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
    cells.push_back(on_one_line(row.label));
    for (double tag : row.tags) cells.push_back(fmt::format("{:.2f}", tag));
    cells.push_back(fmt::format("{:.3f} ", row.overall) +
                    (row.interval ? fmt::format("[{:.3f}, {:.3f}]", row.interval->low, row.interval->high)
                                  : std::string("[\u2013]")));
    cells.push_back(fmt::format("{:.0f}", row.images_seen));
    cells.push_back(fmt::format("{:.0f}", row.updates));
    cells.push_back(hours(row.train_device_hours));
    cells.push_back(hours(row.eval_device_hours));
    cells.push_back(std::to_string(row.num_seeds));
  }
  return rows;
}

Cells escaped_body(const Table& table) {
  Cells rows = body(table);
  for (auto& row : rows) {
    for (std::string& cell : row) cell = escape_pipes(cell);
  }
  return rows;
}

// Everything under the rows. `bullet` starts a line.
std::string below(const Table& table, const std::string& bullet) {
  std::string out;
  size_t longest = 0;
  for (const Comparison& c : table.comparisons) longest = std::max(longest, width_of(c.a) + width_of(c.b));
  for (const Comparison& c : table.comparisons) {
    std::string padding(longest - width_of(c.a) - width_of(c.b), ' ');
    out += fmt::format("{}{} vs {}{}  {:+.3f} [{:+.3f}, {:+.3f}]  {}\n", bullet, c.a, c.b, padding,
                       c.difference, c.interval.low, c.interval.high, p_text(c.corrected_p));
  }
  if (!out.empty()) {
    out = fmt::format(
        "Differences in overall with 95% intervals; paired sign-flip tests over prompts, Holm-corrected "
        "for {}:\n\n{}\n",
        table.comparisons.size(), out);
  }
  out += fmt::format("Protocol {}: {}, {} prompts.\n", short_identity(table.protocol_hash), table.benchmark,
                     table.num_prompts);
  for (const auto& [labels, text] : table.samplings) {
    if (!text.empty()) out += fmt::format("{}sampling of {}: {}\n", bullet, labels, keys_on_one_line(text));
  }
  for (const std::string& note : table.notes) out += fmt::format("{}note: {}\n", bullet, note);
  return out;
}

std::string csv(const Table& table) {
  std::string out = "sweep,benchmark,protocol_hash,row,reference,seeds";
  for (const std::string& tag : table.tags) out += "," + csv_field(tag);
  out +=
      ",overall,overall_low,overall_high,images_seen,updates,train_device_hours,eval_device_hours,"
      "wasted_device_hours\n";
  for (const TableRow& row : table.rows) {
    out += fmt::format("{},{},{},{},{},{}", csv_field(table.sweep), csv_field(table.benchmark),
                       csv_field(table.protocol_hash), csv_field(row.label), row.reference ? 1 : 0,
                       row.num_seeds);
    for (double tag : row.tags) out += "," + exact(tag);
    const std::string low = row.interval ? exact(row.interval->low) : "",
                      high = row.interval ? exact(row.interval->high) : "";
    out += fmt::format(",{},{},{},{},{},{},{},{}\n", exact(row.overall), low, high, exact(row.images_seen),
                       exact(row.updates), exact(row.train_device_hours), exact(row.eval_device_hours),
                       exact(row.wasted_device_hours));
  }
  return out;
}

}  // namespace

std::string render(const Table& table, TableFormat format) {
  switch (format) {
    case TableFormat::kText:
      return aligned_text(header(table, '\n'), body(table)) + "\n" + below(table, "  ");
    case TableFormat::kMarkdown:
      return markdown_table(header(table, ' '), escaped_body(table)) + "\n" + below(table, "- ");
    case TableFormat::kCsv:
      return csv(table);
  }
  throw StoreError("unknown table format");
}

}  // namespace umm::results
