// The published files, where they are.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace umm::imgedit {

inline std::filesystem::path published(const char* name) {
  const char* folder = std::getenv("UMM_SHARED_DATA");
  return std::filesystem::path(folder ? folder : UMM_SOURCE_DIR "/../shared/data") / "imgedit" / name;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace umm::imgedit

// Ends a test where `path` is absent.
#define SKIP_WITHOUT(path)            \
  if (!std::filesystem::exists(path)) \
  GTEST_SKIP() << (path) << " is not here; set UMM_SHARED_DATA to the benchmark data"
