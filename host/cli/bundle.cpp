// ummbench bundle RESULTS: a sweep as one archive, for whoever reads the paper (docs/bundle.md).
#include "bundle/bundle.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/commands.h"
#include "cli/database.h"
#include "results/run_folder.h"

namespace umm::cli {
namespace {

namespace fs = std::filesystem;

constexpr double kMegabyte = 1 << 20;

struct BundleArguments {
  std::string place, output;
  double input_megabytes = static_cast<double>(kInputBytes) / kMegabyte;
  BundleRequest request;
};

int bundle(const BundleArguments& arguments) {
  BundleRequest request = arguments.request;
  request.database = database_of(arguments.place);
  request.input_bytes = static_cast<int64_t>(arguments.input_megabytes * kMegabyte);
  request.program_version = UMM_PROGRAM_VERSION;
  const fs::path output = arguments.output.empty() ? "bundle.tar.zst" : arguments.output;
  const BundleManifest manifest = make_bundle(request, output);
  fmt::print("{}: sweep {}, {} files, {} bytes\n", output.string(), manifest.sweep, manifest.files.size() + 1,
             fs::file_size(output));
  for (const auto& what : manifest.left_out) fmt::print("not in it: {}\n", what);
  return 0;
}

}  // namespace

void add_bundle(Program& program) {
  CLI::App* command = program.app.add_subcommand(
      "bundle", "Packs a sweep for readers: its results, spec, protocols, plugins' hashes, recipes");
  const auto arguments = std::make_shared<BundleArguments>();
  BundleRequest& request = arguments->request;
  command->add_option("results", arguments->place, "results.sqlite of a run, or its folder")->required();
  command->add_option("--sweep", request.sweep, "Which one (needed where there are several)");
  command->add_option("--recipe", request.recipes, "A recipe of a table, besides those that the spec names")
      ->allow_extra_args(false);
  command->add_option("-o,--output", arguments->output,
                      "The archive, .tar.zst, .tar.gz or .tar (default: bundle.tar.zst)");
  command->add_flag("--images", request.images, "With all pictures");
  command
      ->add_option("--inputs", arguments->input_megabytes,
                   "MiB; files and folders that runs read go in up to this size (default: 16; 0: none)")
      ->check(CLI::Range(0.0, 1e6));
  command->callback([program, arguments] { program.chosen = [arguments] { return bundle(*arguments); }; });
}

}  // namespace umm::cli
