// The program as it is at submission, copied by content: a rebuilt host or plugin changes nothing that is
// queued.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "loader/catalogue.h"
#include "spec/experiment.h"

namespace umm {

struct FrozenProgram {
  std::filesystem::path program;
  std::vector<std::filesystem::path> library_folders;              // in front of those that the program names
  std::map<std::filesystem::path, std::filesystem::path> plugins;  // library -> its copy
};

// Copies below `<output>/frozen/<content>/`, once each. Error: what could not be read or written,
// or is no longer what was loaded.
FrozenProgram freeze_program(const Experiment& experiment, const Catalogue& catalogue);

// The plugins that the run names, each once; those that it awaits are not among them.
std::vector<const LoadedPlugin*> plugins_of(const RunConfig& run, const Catalogue& catalogue);

}  // namespace umm
