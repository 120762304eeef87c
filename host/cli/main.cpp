#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/commands.h"
#include "train/host_memory.h"
#include "umm/error.h"

namespace {

constexpr const char* kDescription =
    "Post-trains unified multimodal models from TOML specs, scores them, and keeps every score and "
    "device-hour in\n"
    "SQLite.\n\n"
    "  ummbench plan experiments/tiny/quickstart.toml      what would run, and what is there already\n"
    "  ummbench run experiments/tiny/quickstart.toml       train and evaluate; stop and run again at any "
    "time\n"
    "  ummbench table runs/tiny/results.sqlite             the paper's table out of the database\n";

}  // namespace

int main(int argc, char** argv) {
  umm::keep_freed_memory();
  CLI::App app{kDescription, "ummbench"};
  app.set_version_flag("--version", UMM_PROGRAM_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 ok, 1 a run failed or could not start, 2 wrong input, 3 `reproduce` found a number "
      "outside "
      "of the interval, 75 stopped by a signal: the same command goes on.");
  std::vector<std::string> plugin_places;
  app.add_option("--plugins", plugin_places,
                 "Libraries of plugins or folders of them, before those of $UMM_PLUGIN_PATH "
                 "(default: the program's own)");
  std::function<int()> chosen;
  umm::cli::Program program{app, plugin_places, chosen};
  umm::cli::add_plan(program);
  umm::cli::add_run(program);
  umm::cli::add_status(program);
  umm::cli::add_retry(program);
  umm::cli::add_explain(program);
  umm::cli::add_table(program);
  umm::cli::add_rescore(program);
  umm::cli::add_score(program);
  umm::cli::add_protocol(program);
  umm::cli::add_db(program);
  umm::cli::add_report(program);
  umm::cli::add_serve(program);
  umm::cli::add_bundle(program);
  umm::cli::add_reproduce(program);
  umm::cli::add_plugin(program);
  umm::cli::add_export(program);
  umm::cli::add_generate(program);
  umm::cli::add_work(program);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return chosen();
  } catch (const umm::InputError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
