// Opening. Writing: store.cpp, reading: store_read.cpp.
#include <fmt/format.h>

#include <filesystem>

#include "results/database.h"
#include "results/failure_signature.h"
#include "results/network_files.h"

namespace umm::results {
namespace {

constexpr int kBusyMilliseconds = 10'000;  // readers hold the file for milliseconds

int64_t pragma(sqlite3* database, std::string_view name) {
  Statement statement(database, fmt::format("PRAGMA {}", name));
  statement.step();
  return statement.integer(0);
}

// The version of our schema that the file holds; 0: the file is empty. Throws where it holds something else.
int64_t check_identity(sqlite3* database, const std::string& path) {
  Statement count(database, "SELECT count(*) FROM sqlite_master");
  count.step();
  int64_t application = pragma(database, "application_id");
  int64_t version = pragma(database, "user_version");
  if (count.integer(0) == 0 && application == 0 && version == 0) return 0;
  if (application != kApplicationId) {
    throw StoreError(
        fmt::format("{}: this is an SQLite database, but not one of ummbench's results (application_id "
                    "{:#x}, expected {:#x}). "
                    "Name another file.",
                    path, application, kApplicationId));
  }
  if (version < 1 || version > kSchemaVersion) {
    throw StoreError(fmt::format(
        "{}: its schema has version {}, this ummbench knows versions 1 to {}. Use the ummbench that "
        "wrote it, or name "
        "another file.",
        path, version, kSchemaVersion));
  }
  return version;
}

void set_up_connection(sqlite3* database) {
  sqlite3_busy_timeout(database, kBusyMilliseconds);
  sqlite3_extended_result_codes(database, 1);
  execute(database, "PRAGMA foreign_keys = ON", "opening the database");
}

// SQLite has it since 3.41.
void unhex(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(arguments[0]));
  const auto bytes = bytes_of_hex(text == nullptr ? "" : text);
  if (!bytes) return sqlite3_result_null(context);
  sqlite3_result_blob64(context, bytes->data(), bytes->size(), SQLITE_TRANSIENT);
}

void signature(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(arguments[0]));
  const std::string signed_as = failure_signature(text == nullptr ? "" : text);
  sqlite3_result_text(context, signed_as.c_str(), -1, SQLITE_TRANSIENT);
}

void bring_up_to_date(sqlite3* database, int64_t version) {
  constexpr const char* kDoing = "bringing the tables up to date";
  sqlite3_create_function(database, "unhex", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, unhex, nullptr,
                          nullptr);
  sqlite3_create_function(database, "failure_signature", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                          signature, nullptr, nullptr);
  for (; version < kSchemaVersion; ++version)
    execute(database, kMigrations.at(static_cast<size_t>(version - 1)), kDoing);
  execute(database, kViewsSql, kDoing);
}

}  // namespace

Store::Store(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Store::Store(Store&&) noexcept = default;
Store::~Store() = default;
sqlite3* Store::handle() const {
  return connection_->database.get();
}

// Rationale: a rollback journal (DELETE) with synchronous FULL, not a WAL. One writer needs no WAL, SQLite
// before 3.51.3 (Debian 12 has 3.40.1) can corrupt a database when a WAL is reset, and a WAL's shared memory
// does not work on network file systems at all, where some will allow a database all the same.
Store Store::open(const std::string& path) {
  expect_local_files(path);
  auto connection = std::make_unique<Connection>();
  connection->lock = std::make_unique<WriterLock>(path);
  sqlite3* database = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  connection->database.reset(database);
  if (code != SQLITE_OK) throw_database_error(database, "opening the database");
  if (sqlite3_db_readonly(database, "main") == 1) {
    throw StoreError(
        fmt::format("{}: the file is read-only. Make it writable, or choose another output folder.", path));
  }
  set_up_connection(database);
  const int64_t version = check_identity(database, path);
  // The cache (64 MiB) holds what one transaction writes: spilling it would shut readers out before the end.
  execute(database, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536",
          "opening the database");
  Transaction transaction(database, "preparing the database");
  if (version == 0) execute(database, kSchemaSql, "creating the tables");
  if (version != 0 && version < kSchemaVersion) bring_up_to_date(database, version);
  transaction.commit();
  return Store(std::move(connection));
}

// Rationale: opened for writing where possible, with query_only on, because reading a database whose writer
// was killed in the middle of a commit first has to roll that commit back.
Store Store::open_read_only(const std::string& path) {
  if (!std::filesystem::exists(path)) {
    throw StoreError(fmt::format("{}: there is no such database; `ummbench run` makes one", path));
  }
  auto connection = std::make_unique<Connection>();
  sqlite3* database = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr);
  connection->database.reset(database);
  if (code != SQLITE_OK) throw_database_error(database, "opening the database");
  set_up_connection(database);
  if (check_identity(database, path) == 0) {
    throw StoreError(fmt::format("{}: the database is empty; `ummbench run` fills it", path));
  }
  execute(database, "PRAGMA query_only = ON", "opening the database");
  return Store(std::move(connection));
}

}  // namespace umm::results
