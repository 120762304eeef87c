#include "results/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <sstream>

#include "results/database.h"

namespace umm::results {
namespace {

void append(std::string& text, const std::string& more) {
  text += (text.empty() ? "" : " ") + more;
}

// The first word and what follows it.
std::pair<std::string, std::string> first_word(const std::string& text) {
  const size_t end = std::min(text.find(' '), text.size());
  const size_t rest = text.find_first_not_of(' ', end);
  return {text.substr(0, end), rest == std::string::npos ? "" : text.substr(rest)};
}

// A line within the parentheses of CREATE: a column, its comment, or both. Constraints of the whole table are
// passed over.
void read_line(const std::string& line, TableDescription& table) {
  const size_t dashes = line.find("-- ");
  std::string code = line.substr(0, dashes);
  code.erase(code.find_last_not_of(" ,") + 1);
  const std::string comment = dashes == std::string::npos ? "" : line.substr(dashes + 3);
  if (code.find_first_not_of(' ') == std::string::npos) {
    if (!table.columns.empty()) append(table.columns.back().comment, comment);
    return;
  }
  const auto [name, type] = first_word(code.substr(code.find_first_not_of(' ')));
  if (std::isupper(static_cast<unsigned char>(name[0])) != 0) return;
  static const std::regex check(R"( *(CHECK|DEFAULT) \(.*)");
  table.columns.push_back({name, std::regex_replace(type, check, ""), comment});
}

void check_names(const std::vector<std::string>& names, const std::vector<TableDescription>& tables) {
  std::string known;
  for (const auto& table : tables) append(known, table.name);
  for (const auto& name : names)
    if (std::none_of(tables.begin(), tables.end(), [&](const auto& table) { return table.name == name; }))
      throw StoreError(fmt::format("there is no table or view \"{}\"; there are: {}", name, known));
}

std::string as_markdown(const TableDescription& table, const std::string& size) {
  std::string text = fmt::format("## {} `{}`{}\n\n{}\n\n| column | type | meaning |\n|---|---|---|\n",
                                 table.view ? "view" : "table", table.name, size, table.comment);
  for (const auto& column : table.columns)
    text += fmt::format("| `{}` | {} | {} |\n", column.name, column.type, column.comment);
  return text;
}

std::string as_text(const TableDescription& table, const std::string& size) {
  std::string text =
      fmt::format("{} {}{}\n  {}\n", table.view ? "view" : "table", table.name, size, table.comment);
  size_t width = 0;
  for (const auto& column : table.columns) width = std::max(width, column.name.size());
  for (const auto& column : table.columns) {
    const std::string type = column.type.empty() ? "" : fmt::format(" [{}]", column.type);
    text += fmt::format("  {:{}}  {}{}\n", column.name, width, column.comment, type);
  }
  return text;
}

}  // namespace

std::vector<TableDescription> describe_schema() {
  static const std::regex create("CREATE (TABLE|VIEW) ([a-z_]+) \\(");
  std::vector<TableDescription> tables;
  std::istringstream sql(kSchemaSql);
  std::string comment;
  bool inside = false;
  for (std::string line; std::getline(sql, line);) {
    std::smatch match;
    if (inside) {
      inside = !line.starts_with(')');
      if (inside) read_line(line, tables.back());
    } else if (std::regex_match(line, match, create)) {
      tables.push_back({match[2], match[1] == "VIEW", comment, {}});
      inside = true;
    } else if (line.starts_with("-- ")) {
      append(comment, line.substr(3));
      continue;
    }
    comment.clear();
  }
  return tables;
}

std::map<std::string, int64_t> count_rows(sqlite3* database) {
  std::map<std::string, int64_t> rows;
  for (const auto& table : describe_schema()) {
    if (table.view || !has_table(database, table.name)) continue;
    Statement count(database, fmt::format("SELECT count(*) FROM {}", table.name));
    count.step();
    rows[table.name] = count.integer(0);
  }
  return rows;
}

std::string render_schema(const std::vector<std::string>& only, bool markdown,
                          const std::map<std::string, int64_t>& rows) {
  const auto tables = describe_schema();
  check_names(only, tables);
  std::string text;
  for (const auto& table : tables) {
    if (!only.empty() && std::find(only.begin(), only.end(), table.name) == only.end()) continue;
    const auto count = rows.find(table.name);
    const std::string size = count == rows.end() ? "" : fmt::format(", {} rows", count->second);
    text += (text.empty() ? "" : "\n") + (markdown ? as_markdown(table, size) : as_text(table, size));
  }
  return text;
}

}  // namespace umm::results
