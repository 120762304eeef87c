#include "loader/probe.h"

#include <algorithm>
#include <fstream>

#include "loader/cache_folder.h"
#include "loader/operators.h"
#include "process/child_process.h"

namespace umm {

namespace fs = std::filesystem;

Probe::Probe(fs::path memory, std::chrono::seconds time_limit)
    : memory_(std::move(memory)), time_limit_(time_limit) {
  std::ifstream in(memory_);
  for (std::string line; std::getline(in, line);) {
    const auto tab = line.find('\t');
    if (tab != std::string::npos)
      verdicts_[line.substr(0, tab)] = line.substr(tab + 1);  // the last one counts
  }
}

fs::path Probe::default_memory() {
  const fs::path folder = cache_folder();
  return folder.empty() ? fs::path() : folder / "plugins";
}

std::string Probe::fault(const std::string& key, const std::function<void()>& describe) {
  const auto known = verdicts_.find(key);
  if (known != verdicts_.end() && (known->second.empty() || !retries_)) return known->second;
  std::string verdict;
  try {
    in_child_process(
        [&] {
          describe();
          return std::string();
        },
        time_limit_);
  } catch (const ChildFailed& failed) {
    verdict = failed.what();
  } catch (const InputError&) {
    // The plugin's own complaint, which is heard again where it is loaded.
  }
  std::replace(verdict.begin(), verdict.end(), '\n', ' ');
  if (!taken_namespace(verdict).empty()) return verdict;
  verdicts_[key] = verdict;
  if (memory_.empty()) return verdict;
  std::error_code ignored;
  fs::create_directories(memory_.parent_path(), ignored);
  std::ofstream(memory_, std::ios::app) << key + '\t' + verdict + '\n';
  return verdict;
}

}  // namespace umm
