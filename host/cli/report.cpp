// ummbench report DATABASE | FOLDER
#include "results/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/commands.h"
#include "cli/database.h"
#include "launch/sweep_records.h"
#include "results/run_folder.h"
#include "results/store.h"
#include "tables/spec_report.h"
#include "umm/error.h"

namespace umm::cli {
namespace {

namespace fs = std::filesystem;

constexpr double kMegabyte = 1e6;

struct ReportArguments {
  std::string place, sweep, output = "report.html";
  double thumbnails = 10;  // MB
};

// Journals of a folder are taken in first, as `ummbench status` does.
fs::path database_of_now(const fs::path& place) {
  if (fs::is_directory(place) && !results::sweep_files(place).empty()) SweepRecords(place).take_in();
  return database_of(place);
}

int report(const ReportArguments& arguments) {
  const fs::path output = arguments.output, database = database_of_now(arguments.place);
  try {
    const results::Store store = results::Store::open_read_only(fs::absolute(database).string());
    const auto sweeps = store.sweeps();
    UMM_CHECK_INPUT(!sweeps.empty(), database.string(), ": holds no sweep yet");
    if (arguments.sweep.empty() && sweeps.size() > 1) {
      fmt::print(stderr, "{} holds several sweeps: {}; this is the newest, --sweep chooses another\n",
                 database.string(), fmt::join(sweeps, ", "));
    }
    results::ReportOptions options{.sweep = arguments.sweep.empty() ? sweeps.back() : arguments.sweep,
                                   .program_version = UMM_PROGRAM_VERSION};
    options.asked = spec_report(store, options.sweep);
    options.page_folder = fs::absolute(output).parent_path();
    options.thumbnail_bytes = static_cast<int64_t>(arguments.thumbnails * kMegabyte);
    options.page_bytes = std::max(options.page_bytes, options.thumbnail_bytes + 14 * int64_t{1'000'000});
    results::write_page(report_page(store, options), output);
  } catch (const results::StoreError& error) {
    throw InputError(error.what());
  }
  fmt::print("{}\n", output.string());
  return 0;
}

}  // namespace

void add_report(Program& program) {
  CLI::App* command = program.app.add_subcommand(
      "report", "Writes a sweep as one HTML file: tables, charts, every prompt, costs, provenance");
  auto arguments = std::make_shared<ReportArguments>();
  command->add_option("place", arguments->place, "results.sqlite of a run, or its folder")->required();
  command->add_option("--sweep", arguments->sweep, "Which one (default: the newest)");
  command->add_option("--output", arguments->output, "The file (default: report.html)");
  command
      ->add_option("--thumbnails", arguments->thumbnails, "MB of small pictures in it (default: 10; 0: none)")
      ->check(CLI::Range(0.0, 1000.0));
  command->callback([program, arguments] { program.chosen = [arguments] { return report(*arguments); }; });
}

}  // namespace umm::cli
