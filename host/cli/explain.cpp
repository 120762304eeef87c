// ummbench explain SPEC --key KEY [--run RUN]
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/spec_arguments.h"
#include "spec/problems.h"
#include "umm/error.h"

namespace umm::cli {
namespace {

using spec::ExplainedKey;
using spec::ExplainedRun;

struct ExplainArguments {
  std::shared_ptr<SpecArguments> spec;
  std::string key, run;
};

// All runs, or that of this name, or those whose identity begins so.
std::vector<ExplainedRun> chosen(std::vector<ExplainedRun> runs, const std::string& wanted) {
  if (wanted.empty()) return runs;
  std::vector<std::string> names;
  for (const auto& run : runs) names.push_back(run.name);
  const bool named = std::find(names.begin(), names.end(), wanted) != names.end();
  std::erase_if(runs, [&](const ExplainedRun& run) {
    return named ? run.name != wanted : !run.identity.starts_with(wanted);
  });
  UMM_CHECK_INPUT(!runs.empty(), "--run ", wanted, ": no run has this name or an identity that begins so; ",
                  spec::did_you_mean(wanted, names), "\n  there are: ", spec::join(names, "; "));
  return runs;
}

void print_key(const ExplainedKey& key) {
  size_t layer_width = 0, place_width = 0;
  for (const auto& value : key.values) {
    layer_width = std::max(layer_width, value.layer.size());
    place_width = std::max(place_width, value.place.size());
  }
  if (!key.stage.empty()) fmt::print("  stage {}\n", key.stage);
  for (size_t i = 0; i < key.values.size(); ++i) {
    const auto& value = key.values[i];
    const bool in_force = key.read && i + 1 == key.values.size();
    fmt::print("    {:<{}}  {:<{}}  {}{}\n", value.layer, layer_width, value.place, place_width, value.value,
               in_force ? "   <- in force" : "");
  }
  if (!key.read) fmt::print("    not read here: what this run is made of has no such key\n");
  if (key.read && key.values.empty()) fmt::print("    set nowhere\n");
}

// Runs that agree are told together.
void print(const std::string& key, const std::vector<ExplainedRun>& runs) {
  fmt::print("{}\n", key);
  std::vector<bool> told(runs.size());
  for (size_t i = 0; i < runs.size(); ++i) {
    if (told[i]) continue;
    fmt::print("\n");
    for (size_t j = i; j < runs.size(); ++j) {
      if (runs[j].keys != runs[i].keys) continue;
      told[j] = true;
      fmt::print("run {}  {}\n", runs[j].identity.substr(0, 16), runs[j].name);
    }
    for (const auto& explained : runs[i].keys) print_key(explained);
    if (runs[i].keys.empty()) print_key({});
  }
}

int explain_key(const ExplainArguments& arguments, const std::vector<std::string>& places) {
  const auto files = spec::read_files(arguments.spec->spec);
  const Catalogue catalogue = catalogue_for(files, places);
  print(arguments.key,
        chosen(explain(files, arguments.spec->changes, catalogue, arguments.key), arguments.run));
  return 0;
}

}  // namespace

void add_explain(Program& program) {
  CLI::App* command = program.app.add_subcommand(
      "explain",
      "Tells where a key has its value from, in each run: every place that sets it, the strongest last");
  const auto arguments = std::make_shared<ExplainArguments>();
  arguments->spec = add_spec_arguments(*command);
  command
      ->add_option("--key", arguments->key,
                   "e.g. train.lr, eval.geneval.sampling.steps, stage.first.train.lr")
      ->required();
  command->add_option("--run", arguments->run,
                      "Name of a run, or how its identity begins, as `plan` prints them (default: all)");
  command->callback([program, arguments] {
    program.chosen = [program, arguments] { return explain_key(*arguments, program.plugin_places); };
  });
}

}  // namespace umm::cli
