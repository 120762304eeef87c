#include "results/query.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>

#include "results/query_text.h"
#include "results/store.h"
#include "results/table_layout.h"

namespace umm::results {
namespace {

constexpr std::array<std::string_view, 11> kReadingPragmas = {
    "compile_options", "database_list", "foreign_key_check", "foreign_key_list", "index_info", "index_list",
    "integrity_check", "quick_check",   "table_info",        "table_list",       "table_xinfo"};
constexpr std::array<std::string_view, 2> kMarks = {"application_id", "user_version"};  // set by an argument

bool one_of(std::string_view name, const auto& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Asked by SQLite for each thing that a statement would do.
int allow_reading(void*, int action, const char* first, const char* second, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_UPDATE:  // asked where pragma_table_info() declares its columns; a true one is refused anyway
      return first != nullptr && std::string_view(first) == "sqlite_master" ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
      return second != nullptr && std::string_view(second) == "load_extension" ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA:
      return one_of(first, kReadingPragmas) || (second == nullptr && one_of(first, kMarks)) ? SQLITE_OK
                                                                                            : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

// For as long as a question is looked at and answered.
class OnlyReading {
 public:
  explicit OnlyReading(sqlite3* database) : database_(database) {
    sqlite3_set_authorizer(database_, allow_reading, nullptr);
  }
  ~OnlyReading() { sqlite3_set_authorizer(database_, nullptr, nullptr); }
  OnlyReading(const OnlyReading&) = delete;
  OnlyReading& operator=(const OnlyReading&) = delete;

 private:
  sqlite3* database_;
};

// "2:8", the line with that place, and a mark below it.
std::string place_in(std::string_view sql, size_t offset) {
  offset = std::min(offset, sql.size());
  const size_t begin = offset == 0 ? 0 : sql.rfind('\n', offset - 1) + 1;  // npos + 1 = 0
  const size_t end = std::min(sql.find('\n', offset), sql.size());
  const auto line = std::count(sql.begin(), sql.begin() + static_cast<std::ptrdiff_t>(offset), '\n') + 1;
  const size_t column = width_of(sql.substr(begin, offset - begin)) + 1;
  return fmt::format("line {}, column {}\n  {}\n  {:>{}}", line, column, sql.substr(begin, end - begin), '^',
                     column);
}

[[noreturn]] void throw_mistake(sqlite3* database, std::string_view sql) {
  const int offset = sqlite3_error_offset(database);
  const int code = sqlite3_errcode(database) & 0xff;
  const std::string message = sqlite3_errmsg(database);
  if (code == SQLITE_AUTH)
    throw StoreError(
        "the query would do more than read; only SELECT, WITH, VALUES, EXPLAIN and a few PRAGMA are "
        "answered. Copy the database with `ummbench db snapshot` and change the copy with sqlite3");
  if (offset < 0) throw StoreError(fmt::format("the query failed: {}", message));
  throw StoreError(
      fmt::format("the query has a mistake: {}: {}\n`ummbench db schema` lists tables, views and columns",
                  message, place_in(sql, static_cast<size_t>(offset))));
}

// Where the next statement begins; npos: nowhere.
size_t next_statement(std::string_view sql, size_t from) {
  while (from < sql.size()) {
    if (sql.compare(from, 2, "--") == 0) {
      from = std::min(sql.find('\n', from), sql.size());
    } else if (sql.compare(from, 2, "/*") == 0) {
      const size_t end = sql.find("*/", from + 2);
      from = end == std::string_view::npos ? sql.size() : end + 2;
    } else if (sql[from] == ';' || std::isspace(static_cast<unsigned char>(sql[from])) != 0) {
      ++from;
    } else {
      return from;
    }
  }
  return std::string_view::npos;
}

using Prepared = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

Prepared prepare(sqlite3* database, std::string_view sql) {
  if (next_statement(sql, 0) == std::string_view::npos)
    throw StoreError("the query is empty; expected a statement such as \"SELECT * FROM runs\"");
  if (const size_t zero = sql.find('\0'); zero != std::string_view::npos)
    throw StoreError(fmt::format("the query holds a zero byte: {}", place_in(sql, zero)));
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &raw, &tail);
  Prepared statement(raw, sqlite3_finalize);
  if (code != SQLITE_OK) throw_mistake(database, sql);
  const size_t second = next_statement(sql, static_cast<size_t>(tail - sql.data()));
  if (second != std::string_view::npos)
    throw StoreError(fmt::format("the query holds more than one statement; the second begins at {}",
                                 place_in(sql, second)));
  if (sqlite3_column_count(raw) == 0 || sqlite3_stmt_readonly(raw) == 0)
    throw StoreError("the query answers nothing; expected a statement that reads, such as SELECT");
  if (sqlite3_bind_parameter_count(raw) > 0)
    throw StoreError("the query has parameters (?, :name), and nothing gives them a value; write them out");
  return statement;
}

QueryValue value_of(sqlite3_stmt* statement, int column) {
  QueryValue value;
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return value;
    case SQLITE_INTEGER:
      value.kind = QueryValue::kInteger;
      value.integer = sqlite3_column_int64(statement, column);
      break;
    case SQLITE_FLOAT:
      value.kind = QueryValue::kReal;
      value.real = sqlite3_column_double(statement, column);
      break;
    case SQLITE_BLOB: {
      value.kind = QueryValue::kText;
      const auto* bytes = static_cast<const unsigned char*>(sqlite3_column_blob(statement, column));
      for (int i = 0; i < sqlite3_column_bytes(statement, column); ++i)
        value.text += fmt::format("{:02x}", bytes[i]);
      return value;
    }
    default:
      value.kind = QueryValue::kText;
  }
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  value.text.assign(text, static_cast<size_t>(sqlite3_column_bytes(statement, column)));
  return value;
}

}  // namespace

std::optional<QueryFormat> query_format(std::string_view name) {
  if (name == "table") return QueryFormat::kTable;
  if (name == "csv") return QueryFormat::kCsv;
  if (name == "json") return QueryFormat::kJson;
  if (name == "markdown") return QueryFormat::kMarkdown;
  return std::nullopt;
}

int64_t print_query(sqlite3* database, std::string_view sql, QueryFormat format, const Sink& sink) {
  const OnlyReading guard(database);
  const Prepared statement = prepare(database, sql);
  std::vector<std::string> names;
  for (int column = 0; column < sqlite3_column_count(statement.get()); ++column)
    names.emplace_back(sqlite3_column_name(statement.get(), column));
  const auto printer = make_printer(format, names, sink);
  std::vector<QueryValue> row(names.size());
  int64_t rows = 0;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) {
    for (size_t column = 0; column < row.size(); ++column)
      row[column] = value_of(statement.get(), static_cast<int>(column));
    printer->row(row);
    ++rows;
  }
  if (code != SQLITE_DONE) throw_mistake(database, sql);
  printer->end();
  return rows;
}

}  // namespace umm::results
