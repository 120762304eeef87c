// A plugin as the host sees it: loaded from its file.
#pragma once

#include <dlfcn.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "umm/umm.h"

namespace umm::webdataset {

using Values = std::map<std::string, OptionValue>;

inline std::unique_ptr<Dataset> open_dataset(const std::string& plugin, const Values& values) {
  struct Entries : Registry {
    void add(PluginEntry entry) override { entries.push_back(std::move(entry)); }
    std::vector<PluginEntry> entries;
  };
  void* library = dlopen((UMM_BINARY_DIR "/plugins/" + plugin + ".umm.so").c_str(), RTLD_NOW | RTLD_LOCAL);
  UMM_CHECK(library != nullptr, dlerror());
  Entries found;
  static_cast<const UmmPluginEntry*>(dlsym(library, "umm_plugin_entry_v1"))->attach(&found);
  const PluginEntry& entry = found.entries.at(0);
  return entry.make_dataset(Options(entry.options, values));
}

}  // namespace umm::webdataset
