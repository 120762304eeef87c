// ummbench reproduce BUNDLE --row LABEL [--recipe NAME --column NAME]: one cell of a published table, made
// again (docs/bundle.md).
#include "bundle/reproduce.h"

#include <fmt/format.h>

#include "cli/catalogue.h"
#include "cli/commands.h"
#include "train/stop.h"

namespace umm::cli {
namespace {

constexpr double kGigabyte = 1e9;

struct ReproduceArguments {
  ReproduceRequest request;
  std::string place, folder;
  double largest_gigabytes = 64;
  bool json = false;
};

int reproduce_cell(const ReproduceArguments& arguments, const std::vector<std::string>& plugin_places) {
  ReproduceRequest request = arguments.request;
  request.place = arguments.place;
  request.folder = arguments.folder;
  request.cell.row = request.question.row;
  request.largest = static_cast<int64_t>(arguments.largest_gigabytes * kGigabyte);
  request.program_version = UMM_PROGRAM_VERSION;
  install_stop_handlers();
  const Reproduction result = reproduce(request, load_catalogue(plugin_places));
  if (result.stopped) {
    fmt::print(stderr, "stopped by request; the same command goes on in {}\n", result.folder.string());
    return kStopped;
  }
  for (const auto& failed : result.failed) fmt::print(stderr, "failed {}\n", failed);
  if (!result.failed.empty()) return 1;
  fmt::print("{}", arguments.json ? to_json(result) : to_text(result));
  return result.inside() ? 0 : kOutside;
}

}  // namespace

void add_reproduce(Program& program) {
  CLI::App* command = program.app.add_subcommand(
      "reproduce",
      "Trains and scores one cell of a table again; exit code 0: inside of the stored interval, 3: outside");
  const auto arguments = std::make_shared<ReproduceArguments>();
  ReproduceRequest& request = arguments->request;
  results::CellQuestion& cell = request.question;
  cell.metric = "overall";
  command->add_option("place", arguments->place, "A bundle, or results.sqlite of a run, or its folder")
      ->required();
  command
      ->add_option("--row", cell.row, "Row of the sweep's table, as `ummbench table` or the recipe calls it")
      ->required();
  auto* recipe =
      command->add_option("--recipe", request.cell.recipe, "A table's recipe in the bundle: t01, t01.toml");
  auto* column = command->add_option("--column", request.cell.column, "Column of the recipe");
  recipe->needs(column);
  column->needs(recipe);
  command->add_option("--metric", cell.metric, "Column of the row (default: overall)")->excludes(recipe);
  command->add_option("--benchmark", cell.benchmark, "Where the row has this metric of several")
      ->excludes(recipe);
  command->add_option("--protocol", cell.protocol, "First digits of its hash, where there are several")
      ->excludes(recipe);
  command->add_option("--weights", cell.weights, "last, ema or base, where there are several")
      ->check(CLI::IsMember({"last", "ema", "base"}))
      ->excludes(recipe);
  command->add_option("--sweep", cell.sweep, "Which one (needed where a database has several)");
  command->add_option("--seeds", request.num_seeds, "Only the row's first N (default: all)")
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("-o,--output", arguments->folder,
                      "Folder for all that is made (default: <name>-reproduced beside it)");
  command
      ->add_option("--input", request.inputs,
                   "A file or folder that runs read and the bundle lacks; known by its content")
      ->allow_extra_args(false);
  auto* judge = command->add_option("--judge", request.judge.url,
                                    "Base URL of the judge's server: the bundle's is not asked");
  command
      ->add_option("--judge-key-variable", request.judge.key_variable,
                   "Variable of the environment that holds the judge's key")
      ->needs(judge);
  command->add_option("--parallel", request.parallel, "Processes at once, over the spec's [launch]")
      ->check(CLI::Range(0, 1024));
  command
      ->add_option("--largest", arguments->largest_gigabytes,
                   "GB; a bundle that would unpack to more is refused (default: 64)")
      ->check(CLI::Range(0.0, 1e6));
  command->add_flag("--json", arguments->json, "For programs");
  command->callback([program, arguments] {
    program.chosen = [program, arguments] { return reproduce_cell(*arguments, program.plugin_places); };
  });
}

}  // namespace umm::cli
