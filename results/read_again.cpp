#include "results/read_again.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "results/database.h"
#include "results/journal.h"
#include "results/run_folder.h"

namespace umm::results {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDoing = "forgetting what an older program read";

// Version 4 says of every journal how its process ended.
constexpr const char* kFromOlderProgram = "SELECT 1 FROM journal WHERE outcome IS NULL";

// From before journals: what neither they nor sweeps say.
constexpr const char* kFromNoFile =
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM attempt WHERE run_id IS NULL) "
    "OR EXISTS (SELECT 1 FROM evaluation WHERE run_id IS NULL) "
    "OR EXISTS (SELECT 1 FROM run WHERE NOT EXISTS (SELECT 1 FROM journal WHERE run_id = run.id) "
    "AND (error IS NOT NULL OR NOT EXISTS (SELECT 1 FROM sweep_run WHERE run_id = run.id)))";

struct ReadJournal {
  fs::path file;
  int64_t bytes = 0, frames = 0;  // that were read of it
};

std::vector<ReadJournal> journals_of(sqlite3* database, const fs::path& output) {
  std::vector<ReadJournal> journals;
  Statement row(database,
                "SELECT run.identity, number, next_offset, next_sequence FROM journal "
                "JOIN run ON run.id = run_id");
  while (row.step()) {
    const auto folder = attempt_folder(run_folder(output, row.text(0)), row.integer(1));
    journals.push_back({journal_file(folder), row.integer(2), row.integer(3)});
  }
  return journals;
}

bool is_there(const ReadJournal& journal) {
  std::error_code failed;
  const auto size = fs::file_size(journal.file, failed);
  return !failed && static_cast<int64_t>(size) >= journal.bytes;
}

bool is_whole(const ReadJournal& journal) {
  try {
    return read_journal(journal.file, [](const Frame&) {}).sequence >= journal.frames;
  } catch (const StoreError&) {
    return false;
  }
}

bool has_files_of_all_sweeps(const Store& store, const fs::path& output) {
  std::set<std::string> names;
  for (const auto& file : sweep_files(output)) {
    try {
      names.insert(sweep_from_text(read_from(file), file.string()).sweep.name);
    } catch (const StoreError&) {
      continue;  // taking in says what is wrong with it
    }
  }
  const auto stored = store.sweeps();
  return std::all_of(stored.begin(), stored.end(),
                     [&](const std::string& name) { return names.contains(name); });
}

}  // namespace

void forget_older_reading(const Store& store, const fs::path& output) {
  sqlite3* const database = store.handle();
  if (!Statement(database, kFromOlderProgram).step()) return;
  const auto journals = journals_of(database, output);
  // What takes long comes last: where a journal is gone or cut this is asked at each pass.
  if (!std::all_of(journals.begin(), journals.end(), is_there)) return;
  if (Statement(database, kFromNoFile).step()) return;
  if (!has_files_of_all_sweeps(store, output)) return;
  if (!std::all_of(journals.begin(), journals.end(), is_whole)) return;
  // Nothing is left that a row could name, and without looking for it SQLite drops a table's rows at once.
  execute(database, "PRAGMA foreign_keys = OFF", kDoing);
  Transaction transaction(database, kDoing);
  for (const auto& table : tables_of(database))
    execute(database, fmt::format("DELETE FROM \"{}\"", table).c_str(), kDoing);
  transaction.commit();
  execute(database, "PRAGMA foreign_keys = ON", kDoing);
}

}  // namespace umm::results
