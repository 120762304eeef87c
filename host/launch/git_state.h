// The state of the git repository that a file lies in, for the record: found with the `git` program.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace umm {

struct GitState {
  std::string commit;  // 40 hex digits
  bool dirty = false;  // files that git knows differ from the commit, or git does not know `file`
  std::string diff;    // of those; what is beyond the limit is left out, and the last line says so
};

inline constexpr size_t kMostDiffBytes = 256 << 10;

// nullopt: no repository, no commit in it yet, or no `git` here. Changes nothing, and starts no program that
// the repository's own settings name.
std::optional<GitState> git_state(const std::filesystem::path& file, size_t most_bytes = kMostDiffBytes);

}  // namespace umm
