// SPEC, --set and --only, as `plan`, `run` and others take them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "loader/catalogue.h"
#include "spec/read.h"

namespace umm::cli {

struct SpecArguments {
  std::string spec;
  SpecChanges changes;
};

std::shared_ptr<SpecArguments> add_spec_arguments(CLI::App& command);

// The spec with the plugins that it is read against: those of --plugins, of its own [plugins], and of the
// default folders, in this order. Warnings go to standard error.
struct ReadSpec {
  Catalogue catalogue;
  Experiment experiment;
};
ReadSpec read_spec(const SpecArguments& arguments, const std::vector<std::string>& chosen_places);

Catalogue catalogue_for(const spec::SpecFiles& files, std::vector<std::string> chosen_places);

// Throws InputError where a run needs what [awaits] names: there are no weights of it.
void check_awaits_nothing(const RunConfig& run, const Experiment& experiment);

}  // namespace umm::cli
