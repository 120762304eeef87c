// One sweep of a database as a database of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

struct sqlite3;

namespace umm::results {

// Copies what the sweep's runs were trained, scored and paid with, and the published figures that are not
// said of another sweep. `database` may be written to meanwhile; it is not changed. A stage or evaluation
// that a run of another sweep made and one of this sweep needs is kept, without its maker. Equal content
// gives equal bytes. Returns the size in bytes. StoreError: no such sweep; `file` exists, or cannot be
// written.
int64_t copy_sweep(sqlite3* database, const std::string& sweep, const std::filesystem::path& file);

}  // namespace umm::results
