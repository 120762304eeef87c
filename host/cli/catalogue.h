// Plugins for a sub-command: from --plugins, else from the default folders.
#pragma once

#include "loader/catalogue.h"

namespace umm::cli {

inline std::vector<std::filesystem::path> plugin_folders(const std::vector<std::string>& chosen) {
  if (chosen.empty()) return Catalogue::default_folders();
  return {chosen.begin(), chosen.end()};
}

inline Catalogue load_catalogue(const std::vector<std::string>& chosen, bool retry_faults = false) {
  Probe probe(Probe::default_memory());
  if (retry_faults) probe.retry_faults();
  return Catalogue::load(plugin_folders(chosen), probe);
}

}  // namespace umm::cli
