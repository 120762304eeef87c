// Rationale: what belongs together is read from the foreign keys, so that a new table or column needs nothing
// here. What they cannot say is kOwners: a run, a stage and an evaluation are there for those who list them.
#include "results/subset.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <vector>

#include "results/database.h"
#include "results/export.h"

namespace umm::results {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDoing = "copying a sweep";

// Of `table` stay those that a row of `list` names.
struct Owner {
  const char *table, *list, *column;
};
constexpr std::array<Owner, 3> kOwners = {{{"run", "sweep_run", "run_id"},
                                           {"stage", "run_stage", "stage_id"},
                                           {"evaluation", "run_evaluation", "evaluation_id"}}};

struct ForeignKey {
  std::string table, parent;
  std::vector<std::string> columns, parent_columns;
  std::vector<std::string> nullable;  // of `columns`
};

std::vector<ForeignKey> keys_of(sqlite3* database) {
  std::map<std::pair<std::string, int64_t>, ForeignKey> keys;
  for (const auto& table : tables_of(database)) {
    Statement statement(database,
                        "SELECT fk.id, fk.\"table\", fk.\"from\", coalesce(fk.\"to\", 'id'), "
                        "NOT col.\"notnull\" AND NOT col.pk "
                        "FROM pragma_foreign_key_list(?1) AS fk "
                        "JOIN pragma_table_info(?1) AS col ON col.name = fk.\"from\" "
                        "ORDER BY fk.id, fk.seq");
    statement.bind(table);
    while (statement.step()) {
      ForeignKey& key = keys[{table, statement.integer(0)}];
      key.table = table;
      key.parent = statement.text(1);
      key.columns.push_back(statement.text(2));
      key.parent_columns.push_back(statement.text(3));
      if (statement.integer(4) != 0) key.nullable.push_back(statement.text(2));
    }
  }
  std::vector<ForeignKey> all;
  for (auto& [place, key] : keys) all.push_back(std::move(key));
  return all;
}

// Of a row of `child` and one of `parent`: that the first names the second.
std::string names(const ForeignKey& key) {
  std::string text;
  for (size_t i = 0; i < key.columns.size(); ++i)
    text += fmt::format("{}parent.\"{}\" = \"{}\".\"{}\"", i == 0 ? "" : " AND ", key.parent_columns[i],
                        key.table, key.columns[i]);
  return text;
}

// Rows that name nobody who is there: where it may be nobody they say so, else they go.
std::string without_parent(const ForeignKey& key) {
  std::string dangling;
  for (const auto& column : key.columns) dangling += fmt::format("\"{}\" IS NOT NULL AND ", column);
  dangling += fmt::format("NOT EXISTS (SELECT 1 FROM \"{}\" AS parent WHERE {})", key.parent, names(key));
  std::string sql;
  for (const auto& column : key.nullable)
    sql += fmt::format("UPDATE OR IGNORE \"{}\" SET \"{}\" = NULL WHERE {};", key.table, column, dangling);
  return sql + fmt::format("DELETE FROM \"{}\" WHERE {};", key.table, dangling);
}

// A table that belongs to nobody and is there for those who name its rows, such as texts that many share.
bool is_shared(const std::string& table, const std::vector<ForeignKey>& keys) {
  bool named = table != "sweep";
  for (const auto& owner : kOwners) named = named && table != owner.table;
  bool is_parent = false;
  for (const auto& key : keys) {
    named = named && key.table != table;
    is_parent = is_parent || key.parent == table;
  }
  return named && is_parent;
}

// Rationale: NOT IN lists the names once. NOT EXISTS would look through all who name for each row of `table`,
// as nothing there is ordered by that.
std::string without_child(const std::string& table, const std::vector<ForeignKey>& keys) {
  std::string sql = fmt::format("DELETE FROM \"{}\" WHERE 1", table);
  for (const auto& key : keys) {
    if (key.parent != table) continue;
    std::string known;
    for (const auto& column : key.columns)
      known += fmt::format("{}\"{}\" IS NOT NULL", known.empty() ? "" : " AND ", column);
    sql += fmt::format(" AND (\"{}\") NOT IN (SELECT \"{}\" FROM \"{}\" WHERE {})",
                       fmt::join(key.parent_columns, "\", \""), fmt::join(key.columns, "\", \""), key.table,
                       known);
  }
  return sql + ";";
}

void keep_sweep(sqlite3* database, const std::string& sweep) {
  Transaction transaction(database, kDoing);
  Statement(database, "DELETE FROM sweep WHERE name <> ?").bind(sweep).run();
  if (has_table(database, "reported"))
    Statement(database, "DELETE FROM reported WHERE sweep <> ?").bind(sweep).run();
  const auto keys = keys_of(database);
  std::string sql;
  for (const auto& key : keys) sql += without_parent(key);
  for (const auto& owner : kOwners)
    sql += fmt::format("DELETE FROM {} WHERE id NOT IN (SELECT {} FROM {});", owner.table, owner.column,
                       owner.list);
  for (int64_t before = -1; before != sqlite3_total_changes64(database);) {
    before = sqlite3_total_changes64(database);
    execute(database, sql.c_str(), kDoing);
  }
  // Last, when those who would name them are few. They name nobody, so nothing follows from it.
  for (const auto& table : tables_of(database))
    if (is_shared(table, keys)) execute(database, without_child(table, keys).c_str(), kDoing);
  transaction.commit();
}

struct Removed {
  fs::path file;
  ~Removed() {
    std::error_code ignored;
    fs::remove(file, ignored);
    fs::remove(file.string() + "-journal", ignored);
  }
};

}  // namespace

int64_t copy_sweep(sqlite3* database, const std::string& sweep, const fs::path& file) {
  if (!Statement(database, "SELECT 1 FROM sweep WHERE name = ?").bind(sweep).step())
    throw StoreError(fmt::format("{}: there is no sweep '{}'", sqlite3_db_filename(database, "main"), sweep));
  const Removed whole{fmt::format("{}.whole-{}", file.string(), getpid())};
  const Removed packed{fmt::format("{}.packed-{}", file.string(), getpid())};
  snapshot(database, whole.file);
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(whole.file.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> copy(raw, sqlite3_close);
  if (code != SQLITE_OK) throw_database_error(raw, kDoing);
  keep_sweep(raw, sweep);
  // The pages of what was deleted go with it.
  Statement(raw, "VACUUM INTO ?").bind(packed.file.string()).run();
  const auto size = static_cast<int64_t>(fs::file_size(packed.file));
  if (link(packed.file.c_str(), file.c_str()) != 0)
    throw StoreError(fmt::format("{}: cannot be written: {}", file.string(), std::strerror(errno)));
  return size;
}

}  // namespace umm::results
