// A headless Chromium under remote control, where one is installed.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace umm::results {

class Browser {
 public:
  static bool installed();

  explicit Browser(const std::filesystem::path& profile);  // a folder of its own
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  void emulate(int width, int height, bool dark);
  void disable_scripts();
  void open(const std::string& address);               // returns when it is loaded
  nlohmann::json evaluate(const std::string& script);  // awaits promises
  void screenshot(const std::filesystem::path& file, bool whole_page);
  std::vector<std::string> take_problems();  // errors and warnings of the console since the last time

 private:
  nlohmann::json call(const std::string& method, nlohmann::json parameters = nlohmann::json::object());
  nlohmann::json receive();

  pid_t process_ = -1;
  int to_ = -1, from_ = -1, next_id_ = 1;
  bool loaded_ = false;
  std::string session_, buffer_;
  std::vector<std::string> problems_;
};

}  // namespace umm::results
