// Finds plugin libraries, checks them before any of their code runs, loads them, and keeps what they
// registered. Libraries are opened with immediate binding and never unloaded.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "loader/cuda_code.h"
#include "loader/probe.h"
#include "loader/refusal.h"
#include "umm/plugin.h"

namespace umm {

struct LoadedPlugin {
  PluginEntry entry;
  std::filesystem::path file;
  std::string version;
  std::string content_hash;  // SHA-256 of the library file, hex
};

class Catalogue {
 public:
  // Libraries and folders of them (every *.umm.so, in name order). A place that comes first wins an id; a
  // copy of a library that was taken is passed over. One bad library never stops the others.
  static Catalogue load(const std::vector<std::filesystem::path>& places, Probe& probe,
                        const AskGpus& gpus = gpus_of_this_machine);
  static Catalogue load(const std::vector<std::filesystem::path>& places);  // remembers no probe

  // For tests and for tools that bring their own entries.
  static Catalogue of(std::vector<LoadedPlugin> entries);

  // $UMM_PLUGIN_PATH (colon separated), else installed_plugins().
  static std::vector<std::filesystem::path> default_folders();

  const LoadedPlugin* find(PluginKind kind, std::string_view id) const;  // nullptr: not provided

  // Throws InputError with the nearest id and what was rejected.
  const LoadedPlugin& at(PluginKind kind, const std::string& id) const;

  const std::vector<LoadedPlugin>& entries() const { return entries_; }
  const std::vector<Refusal>& rejected() const { return rejected_; }
  const std::vector<std::filesystem::path>& places() const { return places_; }  // that were searched

 private:
  std::vector<LoadedPlugin> entries_;
  std::vector<Refusal> rejected_;
  std::vector<std::filesystem::path> places_;
};

}  // namespace umm
