// Real benchmark files, which are not part of the project.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace umm::testing {

inline std::filesystem::path published_path(const std::string& name) {
  const char* folder = std::getenv("UMM_SHARED_DATA");
  return (folder ? std::filesystem::path(folder) : std::filesystem::path(UMM_SOURCE_DIR) / "../shared/data") /
         name;
}

// None where the file is not here.
inline std::optional<std::string> published_file(const std::string& name) {
  std::ifstream file(published_path(name), std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace umm::testing

#define UMM_SKIP_WITHOUT(file, name)                   \
  if (!(file))                                         \
  GTEST_SKIP() << ::umm::testing::published_path(name) \
               << " is not here; set UMM_SHARED_DATA to the benchmark data"
