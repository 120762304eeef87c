#include "results/dump.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "results/database.h"

namespace umm::results {
namespace {

// What names a row of the table to which `id` points.
std::string natural_key(const std::string& table, const std::string& id) {
  const std::string of = " FROM " + table + " WHERE " + table + ".id = " + id + ")";
  if (table == "sweep") return "(SELECT name" + of;
  if (table == "reason") return "(SELECT text" + of;
  if (table == "prompt") return "(SELECT item_id || ' ' || tag || ' ' || prompt || ' ' || metadata" + of;
  if (table == "evaluation_prompt" || table == "item")
    return "(SELECT item_id || ' of ' || (SELECT identity FROM evaluation WHERE id = evaluation_id) "
           "FROM item WHERE item.id = " +
           id + ")";
  if (table == "attempt")
    return "(SELECT coalesce((SELECT identity FROM run WHERE id = run_id), '?') || '/' || "
           "coalesce(number, '?') || '/' || (SELECT identity FROM stage WHERE id = stage_id)" +
           of;
  return "(SELECT identity" + of;
}

// An expression for a row's columns.
std::string row_of(sqlite3* database, const std::string& table) {
  std::string columns;
  Statement column(database,
                   "SELECT c.name, f.\"table\" FROM pragma_table_info(?1) AS c LEFT JOIN "
                   "pragma_foreign_key_list(?1) AS f ON f.\"from\" = c.name WHERE c.name <> 'id' "
                   "ORDER BY c.name");
  column.bind(table);
  while (column.step()) {
    const std::string name = column.text(0), own = "t." + name;
    std::string parent = column.text(1);
    // A pair of ids that points at a place in a sweep: each of them points further.
    if (parent == "sweep_run") parent = name.substr(0, name.size() - 3);
    columns += fmt::format("{}'{}=' || quote({})", columns.empty() ? "" : " || ' ' || ", name,
                           parent.empty() ? own : natural_key(parent, own));
  }
  return columns;
}

}  // namespace

void dump(sqlite3* database, const Sink& sink) {
  std::vector<std::string> tables;
  Statement names(database,
                  "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                  "ORDER BY name || ':'");
  while (names.step()) tables.push_back(names.text(0));
  for (const auto& table : tables) {
    std::vector<std::string> lines;
    Statement row(database, fmt::format("SELECT {} FROM \"{}\" AS t", row_of(database, table), table));
    while (row.step()) lines.push_back(table + ": " + row.text(0) + "\n");
    std::sort(lines.begin(), lines.end());
    for (const auto& line : lines) sink(line);
  }
}

}  // namespace umm::results
