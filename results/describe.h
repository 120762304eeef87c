// What the database holds, in the words of schema.sql and views.sql: the comments there are the manual.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

struct sqlite3;

namespace umm::results {

struct ColumnDescription {
  std::string name;
  std::string type;  // "INTEGER", "REAL" or "TEXT", with NOT NULL and references; "" in a view
  std::string comment;
};

struct TableDescription {
  std::string name;
  bool view = false;
  std::string comment;
  std::vector<ColumnDescription> columns;
};

// In the order of the files: tables, then views.
std::vector<TableDescription> describe_schema();

// Rows of each table that the database has: one of an older version lacks some.
std::map<std::string, int64_t> count_rows(sqlite3* database);

// `only`: names; empty: all. StoreError: there is none of that name. `markdown`: for a page, not a terminal.
// `rows`: said where it has them.
std::string render_schema(const std::vector<std::string>& only, bool markdown,
                          const std::map<std::string, int64_t>& rows = {});

}  // namespace umm::results
