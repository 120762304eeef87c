// The content of a file or a folder, whichever is there.
#pragma once

#include <filesystem>
#include <string>

#include "loader/hash.h"

namespace umm {

// Throws as hash_file() and hash_folder().
inline std::string hash_path(const std::filesystem::path& path) {
  return std::filesystem::is_directory(path) ? hash_folder(path) : hash_file(path);
}

}  // namespace umm
