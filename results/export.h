// The database, or parts of it, as other files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

struct sqlite3;

namespace umm::results {

struct ExportedFile {
  std::filesystem::path file;
  int64_t rows = 0;
};

// One file `<folder>/<table or view>.csv` each, all of one moment, whole or absent. `only`: names; empty: all
// but paired_items, which grows with the square of the runs and follows from the rest. Existing files are not
// overwritten.
// StoreError: that, a name that there is not, or a file that cannot be written.
std::vector<ExportedFile> export_csv(sqlite3* database, const std::filesystem::path& folder,
                                     const std::vector<std::string>& only = {});

// A copy of the database as it is at one moment, while somebody may write to it: complete or absent. Returns
// its size in bytes. StoreError: `file` exists, or cannot be written.
int64_t snapshot(sqlite3* database, const std::filesystem::path& file);

}  // namespace umm::results
