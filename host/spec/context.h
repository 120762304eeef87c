// What binding a spec works with.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "spec/explain.h"
#include "spec/problems.h"
#include "spec/settings.h"

namespace umm {
class Catalogue;
}

namespace umm::spec {

struct Context {
  const Catalogue& catalogue;
  Problems& problems;
  size_t max_runs;
  std::vector<std::filesystem::path> folders;  // of the spec and what it extends: paths in each start there
  KnownKeys known;
  std::set<std::string> undecided;            // keys of broken axes: reported there, so not as missing
  std::map<std::string, std::string> hashes;  // path -> content hash, read once
  std::map<std::string, std::vector<ExplainedKey>> explained;  // the traced key, by name of the run

  // Where a path starts that `setting` gives; nullptr: a default. On the command line the spec's folder.
  const std::filesystem::path& folder_of(const Setting* setting) const {
    const auto source = setting == nullptr ? 0 : static_cast<size_t>(setting->value.at.source);
    return folders[source < folders.size() ? source : 0];
  }
};

}  // namespace umm::spec
