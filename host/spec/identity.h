// Canonical text: what an identity is the hash of. Lines "key = value", sorted; text in quotes, numbers in
// their shortest form; a path is represented by the hash of what it names.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "spec/plugins.h"

namespace umm {

// Options alone, as evaluations are identified by them: lines as below, text without quotes.
std::string canonical_text(const Options& options);

}  // namespace umm

namespace umm::spec {

class Canonical {
 public:
  void add(const std::string& key, const OptionValue& value);
  void add_list(const std::string& key, const std::vector<std::string>& values);
  void add_options(const std::string& key, const Options& options,
                   const std::map<std::string, std::string>& path_hashes = {});

  // `with_library`: a rebuilt plugin is another one. A protocol stays the same.
  void add_plugin(const std::string& key, const BoundPlugin& plugin, bool with_library);

  std::string text() const;

 private:
  std::map<std::string, std::string> lines_;
};

// What a run starts from. `seed` is left out where nothing depends on it: a reference with base weights.
Canonical starting_point(const BoundPlugin& architecture, const std::string& base_hash, const uint64_t* seed);

}  // namespace umm::spec
