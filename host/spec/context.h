// What binding a spec works with.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "spec/problems.h"
#include "spec/settings.h"

namespace umm {
class Catalogue;
}

namespace umm::spec {

struct Context {
  const Catalogue& catalogue;
  Problems& problems;
  std::filesystem::path folder;  // of the spec: paths in it start here
  KnownKeys known;
  std::set<std::string> undecided;            // keys of broken axes: reported there, so not as missing
  std::map<std::string, std::string> hashes;  // path -> content hash, read once
};

}  // namespace umm::spec
