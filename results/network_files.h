// File systems on which SQLite's locks are not to be trusted: two machines could write at once, and what one
// has written may reach the other late. Journals need no locks and may lie there.
#pragma once

#include <cstdint>
#include <string>

namespace umm::results {

// The name of the network file system with this statfs f_type; "": it is none of those known.
std::string network_file_system(int64_t f_type);

// StoreError where the database's folder lies on one, unless UMM_ALLOW_NETWORK_DATABASE=1 is set.
void expect_local_files(const std::string& database_path);

// The same for a known f_type.
void expect_local_files(const std::string& database_path, int64_t f_type);

}  // namespace umm::results
