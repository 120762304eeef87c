// Libraries that differ from what this build makes, forged from a real plugin.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace umm::testing {

namespace fs = std::filesystem;

inline const fs::path kRealPlugin = UMM_BINARY_DIR "/plugins/sft.umm.so";

inline std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

// A folder of its own, removed at the end.
class PluginFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("umm_loader_" + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }

  // The real plugin with the value of one identity line overwritten: by as many `x`, or by one of its length.
  static std::string forged(const std::string& key, const std::string& value = "",
                            std::string bytes = bytes_of(kRealPlugin)) {
    const auto line = bytes.find("\n" + key + "=", bytes.find("UMMPLUG1\n"));
    EXPECT_NE(line, std::string::npos) << key;
    const auto begin = line + key.size() + 2, end = bytes.find('\n', begin);
    EXPECT_TRUE(value.empty() || value.size() == end - begin) << key << " must stay as long as it is";
    bytes.replace(begin, end - begin, value.empty() ? std::string(end - begin, 'x') : value);
    return bytes;
  }

  fs::path folder_;
};

}  // namespace umm::testing
