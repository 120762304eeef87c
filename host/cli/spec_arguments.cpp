#include "cli/spec_arguments.h"

#include <fmt/format.h>

#include "cli/catalogue.h"
#include "spec/plugin_table.h"
#include "umm/error.h"

namespace umm::cli {
namespace {

void print_warnings(const Experiment& experiment) {
  for (const auto& warning : experiment.warnings) fmt::print(stderr, "{}\n", warning);
}

}  // namespace

std::shared_ptr<SpecArguments> add_spec_arguments(CLI::App& command) {
  auto arguments = std::make_shared<SpecArguments>();
  command.add_option("spec", arguments->spec, "Experiment file (TOML)")->required();
  command
      .add_option("--set", arguments->changes.sets,
                  "key=value over the file, e.g. --set seed=3 --set train.updates=20")
      ->allow_extra_args(false);
  command
      .add_option(
          "--only", arguments->changes.only,
          "axis=pattern: only the runs whose value on that axis it fits (* and ?), e.g. --only 'method=re*'; "
          "several must all fit; references: --only 'reference=*'")
      ->allow_extra_args(false);
  return arguments;
}

Catalogue catalogue_for(const spec::SpecFiles& files, std::vector<std::string> chosen_places) {
  for (const auto& folder : spec::plugin_folders(files)) chosen_places.push_back(folder.string());
  Catalogue catalogue = load_catalogue(chosen_places);
  for (const Refusal& refusal : catalogue.rejected())
    if (refusal.code == "P011") fmt::print(stderr, "warning: {}\n", refusal.summary());
  return catalogue;
}

ReadSpec read_spec(const SpecArguments& arguments, const std::vector<std::string>& chosen_places) {
  const auto files = spec::read_files(arguments.spec);
  Catalogue catalogue = catalogue_for(files, chosen_places);
  Experiment experiment = read_experiment(files, arguments.changes, catalogue);
  print_warnings(experiment);
  return {std::move(catalogue), std::move(experiment)};
}

void check_awaits_nothing(const RunConfig& run, const Experiment& experiment) {
  UMM_CHECK_INPUT(run.awaits.empty(), experiment.spec_path, ": run \"", run.name, "\" awaits ",
                  spec::join(run.awaits), ", so it has no weights; --only leaves such runs out");
}

}  // namespace umm::cli
