// Plugins for a sub-command: from --plugins, then from the default folders.
#pragma once

#include "loader/catalogue.h"
#include "umm/error.h"

namespace umm::cli {

// Throws InputError where one of --plugins is not there.
inline std::vector<std::filesystem::path> plugin_places(const std::vector<std::string>& chosen) {
  std::vector<std::filesystem::path> places(chosen.begin(), chosen.end());
  for (const auto& place : places)
    UMM_CHECK_INPUT(std::filesystem::exists(place), "--plugins ", place.string(),
                    ": expected a plugin library or a folder of them, found nothing");
  for (const auto& folder : Catalogue::default_folders()) places.push_back(folder);
  return places;
}

inline Catalogue load_catalogue(const std::vector<std::string>& chosen, bool retry_faults = false) {
  Probe probe(Probe::default_memory());
  if (retry_faults) probe.retry_faults();
  return Catalogue::load(plugin_places(chosen), probe);
}

}  // namespace umm::cli
