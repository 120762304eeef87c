// SPEC and --set, as `plan` and `run` take them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "loader/catalogue.h"
#include "spec/experiment.h"

namespace umm::cli {

struct SpecArguments {
  std::string spec;
  std::vector<std::string> sets;
};

std::shared_ptr<SpecArguments> add_spec_arguments(CLI::App& command);

// Warnings go to standard error.
Experiment read_with_warnings(const SpecArguments& arguments, const Catalogue& catalogue);

}  // namespace umm::cli
