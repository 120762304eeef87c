// Where a sweep comes from: the machine and program that it was started with, the state of the folder of its
// spec, and by content the plugins and files of its runs. It is known at submission and lies in the sweep's
// file.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace umm::results {

struct SubmittedSweep;
class Store;

struct Submission {
  std::string host;
  std::vector<std::string> devices;  // names
  std::string program_version, torch_version;
  std::vector<std::string> overrides;  // arguments of --set
  std::string git_commit = {};         // "": the spec lies in no repository
  std::optional<bool> git_dirty = {};
  std::string git_diff = {};
};

struct RunPlugin {
  std::string kind, plugin, version, content_hash;
};

struct SettingOrigin {
  std::string key, value, origin;  // as in table `setting`

  auto operator<=>(const SettingOrigin&) const = default;
};

// Of one run.
struct RunSources {
  std::vector<RunPlugin> plugins;
  std::map<std::string, std::string> inputs;  // path -> content hash
  std::vector<int64_t> settings = {};         // places in the sweep's list
};

// Stores what the sweep's file says of these, in place of what was stored. The sweep and its runs are there.
void put_submission(const Store& store, const SubmittedSweep& sweep);

// What is stored of it, but for stages and names of runs. StoreError: there is no such sweep, or it was
// submitted before this was recorded.
SubmittedSweep read_submission(const Store& store, const std::string& sweep);

}  // namespace umm::results
