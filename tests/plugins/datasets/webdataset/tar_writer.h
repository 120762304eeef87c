// Tars byte by byte, whole and damaged ones, in a folder of the test's own.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "umm/error.h"

namespace umm::webdataset {

namespace fs = std::filesystem;

// One block: ustar's header.
inline std::string tar_header(const std::string& name, int64_t num_bytes, char type = '0') {
  std::array<char, 512> block = {};
  std::snprintf(&block[0], 100, "%s", name.c_str());
  std::snprintf(&block[100], 8, "%07o", 0644);
  std::snprintf(&block[108], 8, "%07o", 0);
  std::snprintf(&block[116], 8, "%07o", 0);
  std::snprintf(&block[124], 12, "%011llo", static_cast<unsigned long long>(num_bytes));
  std::snprintf(&block[136], 12, "%011o", 0);
  block[156] = type;
  if (type == '1' || type == '2') std::snprintf(&block[157], 100, "target.jpg");
  std::memcpy(&block[257], "ustar\00000", 8);
  std::memset(&block[148], ' ', 8);  // the checksum counts itself as spaces
  unsigned sum = 0;
  for (const char byte : block) sum += static_cast<unsigned char>(byte);
  std::snprintf(&block[148], 8, "%06o", sum);
  return {block.begin(), block.end()};
}

inline std::string padded(std::string bytes) {
  bytes.resize((bytes.size() + 511) / 512 * 512);
  return bytes;
}

inline std::string tar_member(const std::string& name, const std::string& bytes) {
  return tar_header(name, static_cast<int64_t>(bytes.size())) + padded(bytes);
}

inline const std::string kTarEnd(1024, '\0');

inline std::string bytes_of_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class TarTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::string write(const std::string& name, const std::string& bytes) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return path(name);
  }

  // What `action` is refused with.
  template <typename Action>
  static std::string problem_of(const Action& action) {
    try {
      action();
    } catch (const InputError& error) {
      return error.what();
    }
    return "(none)";
  }

  const fs::path folder_ = fs::temp_directory_path() / ("umm_webdataset_" + std::to_string(getpid()));
};

}  // namespace umm::webdataset
