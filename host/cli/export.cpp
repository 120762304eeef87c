// ummbench export SPEC FOLDER: the finished weights of a run as one self-contained base folder, or as the
// files that the official code loads.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/spec_arguments.h"
#include "loader/hash.h"
#include "train/checkpoint_folder.h"
#include "umm/capabilities.h"
#include "umm/error.h"

namespace umm::cli {
namespace {

namespace fs = std::filesystem;

struct ExportArguments {
  std::shared_ptr<SpecArguments> spec;
  std::string folder;
  bool official = false;
};

const RunConfig& only_trained_run(const Experiment& experiment) {
  const RunConfig* found = nullptr;
  for (const auto& run : experiment.runs) {
    if (run.stages.empty()) continue;
    UMM_CHECK_INPUT(found == nullptr, experiment.spec_path,
                    ": export wants a spec with one trained run, found `", found->name, "` and `", run.name,
                    "`; narrow it with --only or --set");
    found = &run;
  }
  UMM_CHECK_INPUT(found != nullptr, experiment.spec_path, ": no trained run to export");
  return *found;
}

void print_file(const fs::path& path) {
  fmt::print("{}  {} bytes  sha256 {}\n", path.string(), fs::file_size(path), hash_file(path));
}

int export_weights(const ExportArguments& arguments, const std::vector<std::string>& places) {
  const auto [catalogue, experiment] = read_spec(*arguments.spec, places);
  const std::string& spec = experiment.spec_path;
  const RunConfig& run = only_trained_run(experiment);
  check_awaits_nothing(run, experiment);
  const StageConfig& stage = run.stages.back();
  const fs::path source = stage_folder(experiment.output, stage.identity) / "last";
  UMM_CHECK_INPUT(fs::is_directory(source), source.string(), ": not trained yet; first: ummbench run ", spec);
  const Checkpoint checkpoint = read_checkpoint(source);
  if (arguments.official) {
    const auto& architecture = catalogue.at(PluginKind::architecture, run.architecture.id).entry;
    const auto model = architecture.make_architecture(run.architecture.options);
    auto& writer = require<OfficialWeights>(*model);
    load_weights(*model, checkpoint);
    writer.save_official(arguments.folder);
    for (const auto& file : fs::directory_iterator(arguments.folder)) print_file(file.path());
    return 0;
  }
  fs::create_directories(arguments.folder);
  nlohmann::ordered_json provenance = {{"program", UMM_PROGRAM_VERSION},
                                       {"spec", fs::path(spec).filename().string()},
                                       {"spec_sha256", hash_file(spec)},
                                       {"seed", run.seed},
                                       {"stage", stage.name}};
  for (const auto& file : checkpoint.files) {
    const fs::path target = fs::path(arguments.folder) / (file.component + ".safetensors");
    fs::copy_file(file.path, target, fs::copy_options::overwrite_existing);
    provenance["sha256"][target.filename().string()] = hash_file(target);
    print_file(target);
  }
  std::ofstream(fs::path(arguments.folder) / "provenance.json") << provenance.dump(2) << "\n";
  return 0;
}

}  // namespace

void add_export(Program& program) {
  CLI::App* command = program.app.add_subcommand(
      "export", "Copies a finished run's weights into one folder that other specs can name as their base");
  auto arguments = std::make_shared<ExportArguments>();
  arguments->spec = add_spec_arguments(*command);
  command->add_option("folder", arguments->folder, "Folder to write")->required();
  command->add_flag(
      "--official", arguments->official,
      "Write the files that the model's official code loads, in the place of the harness's own");
  command->callback([program, arguments] {
    program.chosen = [program, arguments] { return export_weights(*arguments, program.plugin_places); };
  });
}

}  // namespace umm::cli
