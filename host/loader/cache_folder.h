// Where the program keeps what it can always find out again.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace umm {

// $XDG_CACHE_HOME/ummbench, else ~/.cache/ummbench; "" where neither is set.
inline std::filesystem::path cache_folder() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0')
    return std::filesystem::path(cache) / "ummbench";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
    return std::filesystem::path(home) / ".cache" / "ummbench";
  return {};
}

}  // namespace umm
