// What binding a spec works with.
#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "spec/awaits.h"
#include "spec/elsewhere.h"
#include "spec/experiment.h"
#include "spec/explain.h"
#include "spec/problems.h"
#include "spec/protocol.h"
#include "spec/settings.h"

namespace umm {
class Catalogue;
}

namespace umm::spec {

struct Context {
  const Catalogue& catalogue;
  Problems& problems;
  size_t max_runs;
  bool without_providers = false;
  const Elsewhere* elsewhere = nullptr;             // where files lie; nullptr: where they are named
  std::string prompts_hash = {};                    // stands for the content of files of prompts, if not ""
  std::vector<std::filesystem::path> folders = {};  // by source: paths in each start there
  KnownKeys known = {};
  std::set<std::string> undecided = {};            // keys of broken axes: reported there, so not as missing
  std::map<std::string, std::string> hashes = {};  // path -> content hash, read once
  std::map<std::string, std::vector<ExplainedKey>> explained = {};  // the traced key, by name of the run
  std::map<SettingOrigin, int64_t> settings = {};                   // in force in some run, by number
  Awaits awaits = {};
  Protocols protocols = {};

  // Of the run that is being bound.
  std::map<std::string, std::string> inputs = {};  // path -> content hash
  std::vector<std::string> awaited = {};           // what it needs and is not here

  void await(const std::string& what) {
    if (std::find(awaited.begin(), awaited.end(), what) == awaited.end()) awaited.push_back(what);
  }

  // Where a path starts that `setting` gives; nullptr: a default. On the command line the spec's folder.
  const std::filesystem::path& folder_of(const Setting* setting) const {
    const auto source = setting == nullptr ? 0 : static_cast<size_t>(setting->value.at.source);
    return folders[source < folders.size() ? source : 0];
  }
};

}  // namespace umm::spec
