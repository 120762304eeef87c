// Plugins for a sub-command: from --plugins, else from the default folders.
#pragma once

#include "loader/catalogue.h"

namespace umm::cli {

inline std::vector<std::filesystem::path> plugin_folders(const std::vector<std::string>& chosen) {
  if (chosen.empty()) return Catalogue::default_folders();
  return {chosen.begin(), chosen.end()};
}

inline Catalogue load_catalogue(const std::vector<std::string>& chosen) {
  return Catalogue::load(plugin_folders(chosen));
}

}  // namespace umm::cli
