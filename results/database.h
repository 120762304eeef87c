// SQLite for this folder: statements and transactions that clean up after themselves, and errors in words.
#pragma once

#include <sqlite3.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/store.h"
#include "results/writer_lock.h"

namespace umm::results {

constexpr int kApplicationId = 0x554D4D42;  // as in schema.sql
constexpr int kSchemaVersion = 4;           // as in schema.sql

extern const char* const kSchemaSql;
extern const char* const kViewsSql;
extern const std::array<const char*, kSchemaVersion - 1> kMigrations;  // from version 1, 2, ... to the next

// Throws StoreError for the connection's latest error. `doing`: "storing an evaluation".
[[noreturn]] void throw_database_error(sqlite3* database, std::string_view doing);

void execute(sqlite3* database, const char* sql, std::string_view doing);

// Digits of a hash as the bytes that they stand for; nullopt: they are no such digits.
std::optional<std::string> bytes_of_hex(std::string_view digits);

struct Bytes {
  std::string_view data;
};

// A prepared statement. Parameters are bound in order, from 1; columns are read from 0.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);

  template <typename... Values>
  Statement& bind(const Values&... values) {
    sqlite3_reset(statement_.get());
    int index = 0;
    (bind_one(++index, values), ...);
    return *this;
  }

  bool step();  // true: there is a row to read
  void run();   // for statements that return nothing

  int num_columns() const { return sqlite3_column_count(statement_.get()); }
  std::string text(int column) const;
  int64_t integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  double real(int column) const { return sqlite3_column_double(statement_.get(), column); }
  bool is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

 private:
  void bind_one(int index, int64_t value) { sqlite3_bind_int64(statement_.get(), index, value); }
  void bind_one(int index, double value) { sqlite3_bind_double(statement_.get(), index, value); }
  void bind_one(int index, std::string_view value) {
    sqlite3_bind_text64(statement_.get(), index, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  void bind_one(int index, Bytes value) {
    sqlite3_bind_blob64(statement_.get(), index, value.data.data(), value.data.size(), SQLITE_TRANSIENT);
  }
  template <typename Value>
  void bind_one(int index, const std::optional<Value>& value) {
    value ? bind_one(index, *value) : bind_one(index, nullptr);
  }
  void bind_one(int index, std::nullptr_t) { sqlite3_bind_null(statement_.get(), index); }

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement_;
};

// Takes the write lock at once, so that a lost race shows here and not half-way. Rolled back unless
// committed. Within another transaction it is a part of that one, which can be rolled back alone.
class Transaction {
 public:
  Transaction(sqlite3* database, std::string_view doing);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  void commit();
  bool is_open() const;  // false also after an error with which SQLite undid it

 private:
  sqlite3* database_;
  std::string doing_;
  bool outermost_;
  bool open_ = true;
};

std::vector<std::string> tables_of(sqlite3* database);

// A database of an older version that is only read lacks the newest tables.
bool has_table(sqlite3* database, std::string_view name);

// Of a table or view: databases of older versions lack some.
bool has_column(sqlite3* database, std::string_view table, std::string_view column);

std::string host_name();  // of this machine

// For the parts of Store. "" becomes the present.
std::string or_now(const std::string& utc);
// One number of the only row, or an error that names what is missing.
int64_t find_id(sqlite3* database, const std::string& table, const std::string& key,
                const std::string& value);
void insert_costs(sqlite3* database, std::string_view owner, int64_t id, const std::vector<CostRow>& costs);

struct Store::Connection {
  std::unique_ptr<WriterLock> lock;  // none for a reader
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> database{nullptr, sqlite3_close};
};

}  // namespace umm::results
