// A folder that is gone after the test, and the words of an InputError.
#pragma once

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "umm/error.h"

namespace umm::testing {

namespace fs = std::filesystem;

class ScratchFolder : public ::testing::Test {
 protected:
  ScratchFolder() {
    std::string pattern = (fs::temp_directory_path() / "umm_bundle_XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~ScratchFolder() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(folder_ / name, std::ios::binary).rdbuf();
    return text.str();
  }
  template <typename Action>
  static std::string refusal(Action action) {
    try {
      action();
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }

  fs::path folder_;
};

}  // namespace umm::testing
