#include "results/export.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <list>

#include "results/database.h"
#include "results/query.h"

namespace umm::results {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTooMany = "paired_items";

std::vector<std::string> names_to_export(sqlite3* database, const std::vector<std::string>& only) {
  std::vector<std::string> all;
  Statement statement(database,
                      "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') "
                      "AND name NOT LIKE 'sqlite_%' ORDER BY type, name");
  while (statement.step()) all.push_back(statement.text(0));
  for (const auto& name : only)
    if (std::find(all.begin(), all.end(), name) == all.end())
      throw StoreError(
          fmt::format("there is no table or view \"{}\"; there are: {}", name, fmt::join(all, " ")));
  if (!only.empty()) return only;
  all.erase(std::remove(all.begin(), all.end(), kTooMany), all.end());
  return all;
}

void refuse_existing(const fs::path& file) {
  if (fs::exists(fs::symlink_status(file)))
    throw StoreError(
        fmt::format("{}: exists; nothing is overwritten. Name another, or move it away", file.string()));
}

// A moment that all reading is of: writers wait, or readers see what was there when it began.
class Moment {
 public:
  explicit Moment(sqlite3* database) : database_(database) {
    execute(database_, "BEGIN", "reading the database");
  }
  ~Moment() { sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr); }
  Moment(const Moment&) = delete;
  Moment& operator=(const Moment&) = delete;

 private:
  sqlite3* database_;
};

// Removed unless it was given its name.
struct Partial {
  fs::path file;
  ~Partial() {
    std::error_code ignored;
    fs::remove(file, ignored);
    fs::remove(file.string() + "-journal", ignored);
  }
};

fs::path partial_name(const fs::path& file) {
  return file.string() + fmt::format(".partial-{}", getpid());
}

// A link, unlike a renaming, fails where somebody else took the name meanwhile.
void give_name(const fs::path& partial, const fs::path& file) {
  if (link(partial.c_str(), file.c_str()) != 0)
    throw StoreError(fmt::format("{}: cannot be written: {}", file.string(), std::strerror(errno)));
}

void put_on_disk(const fs::path& file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = descriptor >= 0 && fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (!done) throw StoreError(fmt::format("{}: cannot be written: {}", file.string(), std::strerror(error)));
}

void copy_pages(sqlite3* from, const fs::path& file) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> to(raw, sqlite3_close);
  if (code != SQLITE_OK)
    throw StoreError(fmt::format("{}: cannot be made: {}. Check that the folder exists and is writable",
                                 file.string(), sqlite3_errmsg(raw)));
  sqlite3_backup* backup = sqlite3_backup_init(raw, "main", from, "main");
  if (backup == nullptr) throw_database_error(raw, "making the copy");
  sqlite3_backup_step(backup, -1);  // all at once: a writer waits for milliseconds
  if (sqlite3_backup_finish(backup) != SQLITE_OK) throw_database_error(raw, "making the copy");
}

}  // namespace

std::vector<ExportedFile> export_csv(sqlite3* database, const fs::path& folder,
                                     const std::vector<std::string>& only) {
  std::vector<ExportedFile> files;
  for (const auto& name : names_to_export(database, only)) files.push_back({folder / (name + ".csv"), 0});
  for (const auto& file : files) refuse_existing(file.file);
  std::error_code failed;
  fs::create_directories(folder, failed);
  const Moment moment(database);
  std::list<Partial> written;
  for (auto& file : files) {
    const fs::path& partial = written.emplace_back(Partial{partial_name(file.file)}).file;
    std::ofstream out(partial, std::ios::binary);
    file.rows = print_query(database, fmt::format("SELECT * FROM \"{}\"", file.file.stem().string()),
                            QueryFormat::kCsv, [&](std::string_view text) { out << text; });
    out.close();
    if (!out)
      throw StoreError(fmt::format("{}: cannot be written: {}. Is the disk full, or the folder not yours?",
                                   file.file.string(), std::strerror(errno)));
  }
  auto partial = written.begin();
  for (const auto& file : files) give_name((partial++)->file, file.file);
  return files;
}

int64_t snapshot(sqlite3* database, const fs::path& file) {
  refuse_existing(file);
  const Partial partial{partial_name(file)};
  copy_pages(database, partial.file);
  put_on_disk(partial.file);
  give_name(partial.file, file);
  return static_cast<int64_t>(fs::file_size(file));
}

}  // namespace umm::results
