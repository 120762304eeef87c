// Tries a plugin in a process of its own before this one loads it, and remembers how that ended: a library
// that crashes or hangs is in quarantine and not tried again until asked.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace umm {

class Probe {
 public:
  // `memory`: where verdicts are kept, one line each; "" keeps none. A memory that cannot be read or written
  // is as an empty one.
  explicit Probe(std::filesystem::path memory = {},
                 std::chrono::seconds time_limit = std::chrono::seconds(20));

  // `plugins` in cache_folder(); "" where there is none.
  static std::filesystem::path default_memory();

  void retry_faults() { retries_ = true; }

  // What became of `describe` in a process of its own: "" or "killed by signal 11, Segmentation fault". An
  // InputError of its own is no fault: the same happens here, where it can be told better. `key`: contents of
  // library and host, and of what else its end depends on. A namespace of operators that is taken is told and
  // not remembered: it is another library's as much as this one's.
  std::string fault(const std::string& key, const std::function<void()>& describe);

 private:
  std::filesystem::path memory_;
  std::chrono::seconds time_limit_;
  bool retries_ = false;
  std::map<std::string, std::string> verdicts_;
};

}  // namespace umm
