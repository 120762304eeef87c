// In what a stored run and one that is made here differ, in words.
#pragma once

#include <string>
#include <vector>

#include "bundle/manifest.h"
#include "loader/catalogue.h"
#include "results/cell.h"
#include "results/store.h"
#include "spec/experiment.h"

namespace umm {

// Versions of ummbench and LibTorch.
void add_build_differences(const BundleManifest& stored, const std::string& program_version,
                           std::vector<std::string>& differences);

// Plugins of other content. InputError names those that are not here.
void add_plugin_differences(const std::vector<results::RunPlugin>& stored, const Catalogue& catalogue,
                            std::vector<std::string>& differences);

// Settings, such as defaults that another version of a plugin has; what follows from a library's content is
// left out.
void add_setting_differences(const results::Store& store, const results::RunRow& stored,
                             const RunConfig& here, std::vector<std::string>& differences);

// The run's evaluation that the cell is of. Databases before version 4 call it by its name in the spec.
// InputError: it has none on that benchmark, or under another protocol.
const EvaluationConfig& evaluation_of(const RunConfig& run, const results::Cell& cell,
                                      const std::vector<std::string>& differences);

// Indented lines.
std::string as_list(const std::vector<std::string>& lines);

}  // namespace umm
