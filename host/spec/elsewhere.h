// A spec that was written on another machine: its files have the names that they had there, and lie here at
// other places.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace umm::spec {

// Where one is given, `path` of [plugins] and `tables` of [report] are not looked for: whoever brings the
// files says where plugins lie. Plugins and files that are not here are awaited, whether [awaits] names them
// or not: of a sweep's runs only some may be wanted.
struct Elsewhere {
  std::map<std::string, std::string> places = {};  // a file or folder, as the spec resolves it -> here
};

// `named` itself where nothing is said of it.
inline std::filesystem::path place_of(const Elsewhere* elsewhere, const std::filesystem::path& named) {
  if (elsewhere == nullptr) return named;
  const auto found = elsewhere->places.find(named.string());
  return found == elsewhere->places.end() ? named : std::filesystem::path(found->second);
}

}  // namespace umm::spec
