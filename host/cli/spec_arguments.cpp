#include "cli/spec_arguments.h"

#include <fmt/format.h>

#include "spec/read.h"

namespace umm::cli {

std::shared_ptr<SpecArguments> add_spec_arguments(CLI::App& command) {
  auto arguments = std::make_shared<SpecArguments>();
  command.add_option("spec", arguments->spec, "Experiment file (TOML)")->required();
  command
      .add_option("--set", arguments->sets,
                  "key=value over the file, e.g. --set seed=3 --set train.updates=20")
      ->allow_extra_args(false);
  return arguments;
}

Experiment read_with_warnings(const SpecArguments& arguments, const Catalogue& catalogue) {
  Experiment experiment = read_experiment(arguments.spec, arguments.sets, catalogue);
  for (const auto& warning : experiment.warnings) fmt::print(stderr, "{}\n", warning);
  return experiment;
}

}  // namespace umm::cli
