// Folders as archives: tar, compressed with zstd or gzip.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace umm {

// Relative, with `/`, without `.` and `..`: what may be made below a folder without leaving it.
bool is_safe_name(const std::string& name);

// InputError: `archive` exists, or its name says no format.
void check_archive_name(const std::filesystem::path& archive);

// Packs files of `folder` in the order given; the ending of `archive` says how: .tar.zst, .tar.gz or .tar.
// Equal names and contents give equal bytes: owners and times are not kept. Complete or absent; InputError as
// check_archive_name(), and where it cannot be written.
void pack(const std::filesystem::path& folder, const std::vector<std::string>& names,
          const std::filesystem::path& archive);

// What an archive says of itself, to hold what follows against.
struct ArchiveLimits {
  std::string first;    // name of the file that comes first
  int64_t first_bytes;  // at most
  int64_t bytes;        // of all files, at most
};

// Unpacks below `folder`, which must be empty. InputError names the entry where one is a link or anything
// else but a file, leads out of the folder, comes twice or passes a limit, and the archive where it is
// damaged or has more than a million entries.
void unpack(const std::filesystem::path& archive, const std::filesystem::path& folder,
            const ArchiveLimits& limits);

}  // namespace umm
