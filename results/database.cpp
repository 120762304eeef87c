#include "results/database.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include <charconv>

namespace umm::results {
namespace {

// What to do about the error, in the user's words; "" where SQLite's own message must do.
std::string explanation(int code, const std::string& path) {
  switch (code) {
    case SQLITE_FULL:
      return "the disk is full; nothing of this step was stored. Free some space and start again: what was "
             "stored before is kept";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return "it cannot be written or opened. Check that the file and its folder exist and are writable";
    case SQLITE_NOTADB:
      return "it is not a database. Move it away or name another file";
    case SQLITE_CORRUPT:
      return "it is damaged. Keep a copy, then try `sqlite3 FILE .recover`, or move it away and start again";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fmt::format(
          "{} is using it and did not let go in time. Close it (an open sqlite3 shell?) and start "
          "again",
          describe_lock_holder(path));
    case SQLITE_IOERR:
      return "the disk failed or a quota was reached";
    default:
      return "";
  }
}

}  // namespace

void throw_database_error(sqlite3* database, std::string_view doing) {
  const char* name = sqlite3_db_filename(database, "main");
  std::string path = name == nullptr ? "" : name;
  std::string detail = explanation(sqlite3_errcode(database) & 0xff, path);
  std::string message = sqlite3_errmsg(database);
  throw StoreError(fmt::format("{}: {} failed: {}", path, doing,
                               detail.empty() ? message : fmt::format("{} (SQLite: {}).", detail, message)));
}

void execute(sqlite3* database, const char* sql, std::string_view doing) {
  if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw_database_error(database, doing);
}

Statement::Statement(sqlite3* database, std::string_view sql)
    : database_(database), statement_(nullptr, sqlite3_finalize) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) !=
      SQLITE_OK) {
    throw_database_error(database, "reading or writing a table");
  }
  statement_.reset(statement);
}

std::optional<std::string> bytes_of_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string bytes(digits.size() / 2, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) {
    const char* const end = digits.data() + 2 * i + 2;
    uint8_t byte = 0;
    const auto [stop, error] = std::from_chars(end - 2, end, byte, 16);
    if (error != std::errc() || stop != end) return std::nullopt;
    bytes[i] = static_cast<char>(byte);
  }
  return bytes;
}

bool Statement::step() {
  int code = sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    throw_database_error(database_, "reading or writing a table");
  return code == SQLITE_ROW;
}

void Statement::run() {
  step();
  sqlite3_reset(statement_.get());
}

std::string Statement::text(int column) const {
  const unsigned char* value = sqlite3_column_text(statement_.get(), column);
  int size = sqlite3_column_bytes(statement_.get(), column);
  return value == nullptr ? "" : std::string(reinterpret_cast<const char*>(value), static_cast<size_t>(size));
}

Transaction::Transaction(sqlite3* database, std::string_view doing)
    : database_(database), doing_(doing), outermost_(sqlite3_get_autocommit(database) != 0) {
  execute(database, outermost_ ? "BEGIN IMMEDIATE" : "SAVEPOINT part", doing);
}

void Transaction::commit() {
  execute(database_, outermost_ ? "COMMIT" : "RELEASE part", doing_);
  open_ = false;
}

bool Transaction::is_open() const {
  return open_ && sqlite3_get_autocommit(database_) == 0;
}

Transaction::~Transaction() {
  // SQLite has rolled back by itself after a full disk; then there is nothing left to do.
  if (!is_open()) return;
  const char* undo = outermost_ ? "ROLLBACK" : "ROLLBACK TO part; RELEASE part";
  sqlite3_exec(database_, undo, nullptr, nullptr, nullptr);
}

std::string host_name() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return host.data();
}

std::vector<std::string> tables_of(sqlite3* database) {
  std::vector<std::string> tables;
  Statement statement(database,
                      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  while (statement.step()) tables.push_back(statement.text(0));
  return tables;
}

bool has_table(sqlite3* database, std::string_view name) {
  Statement statement(database, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  return statement.bind(name).step();
}

bool has_column(sqlite3* database, std::string_view table, std::string_view column) {
  Statement statement(database, "SELECT 1 FROM pragma_table_info(?) WHERE name = ?");
  return statement.bind(table, column).step();
}

}  // namespace umm::results
