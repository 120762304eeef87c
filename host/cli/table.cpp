// ummbench table [DATABASE], ummbench rescore DATABASE
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "cli/catalogue.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "evaluate/rescore.h"
#include "results/contact_sheet.h"
#include "results/store.h"
#include "results/table.h"
#include "tables/table_file.h"
#include "umm/error.h"

namespace umm::cli {
namespace {

struct TableArguments {
  std::string database, sweep, format = "text", contact_sheet, recipe, output, check;
};

int print_recipe(const TableArguments& arguments) {
  UMM_CHECK_INPUT(arguments.sweep.empty() && arguments.contact_sheet.empty(),
                  "--sweep and --contact-sheet do not go with --recipe, which names its sweeps");
  const std::string database = arguments.database.empty() ? "" : database_of(arguments.database);
  const std::string text = make_table({.recipe = arguments.recipe,
                                       .database = database,
                                       .format = recipe_format(arguments.format),
                                       .output = arguments.output});
  if (arguments.output.empty()) {
    fmt::print("{}", text);
    return 0;
  }
  std::ofstream out(arguments.output, std::ios::binary);
  out << text;
  out.close();
  UMM_CHECK_INPUT(out, arguments.output, ": cannot be written");
  fmt::print(stderr, "table          {}\n", arguments.output);
  return 0;
}

int check_table(const TableArguments& arguments) {
  const auto drift = table_drift(arguments.check);
  for (const auto& line : drift) fmt::print("{}\n", line);
  if (drift.empty()) return 0;
  fmt::print(stderr, "{}: {} lines differ from what its recipe and database give now\n", arguments.check,
             drift.size());
  return 1;
}

int print_table(const TableArguments& arguments) {
  if (!arguments.check.empty()) return check_table(arguments);
  if (!arguments.recipe.empty()) return print_recipe(arguments);
  UMM_CHECK_INPUT(!arguments.database.empty(), "name a database, --recipe FILE, or --check FILE");
  UMM_CHECK_INPUT(arguments.output.empty(), "--output goes with --recipe");
  UMM_CHECK_INPUT(arguments.format != "latex" && arguments.format != "html", "--format ", arguments.format,
                  " goes with --recipe, which says what the table shows");
  const std::string database = database_of(arguments.database);
  const results::Store store = as_input([&] { return results::Store::open_read_only(database); });
  const auto sweeps = arguments.sweep.empty() ? store.sweeps() : std::vector<std::string>{arguments.sweep};
  UMM_CHECK_INPUT(!sweeps.empty(), database, ": holds no sweep yet");
  const auto format = arguments.format == "markdown" ? results::TableFormat::kMarkdown
                      : arguments.format == "csv"    ? results::TableFormat::kCsv
                                                     : results::TableFormat::kText;
  as_input([&] {
    for (const auto& sweep : sweeps) {
      for (const auto& table : build_tables(store, sweep)) fmt::print("{}\n", render(table, format));
      for (const auto& run : unfinished_runs(store, sweep)) fmt::print(stderr, "{}\n", run);
    }
  });
  fmt::print(stderr, "database       {}\n", database);
  const auto images = std::filesystem::path(database).parent_path() / "images";
  if (std::filesystem::is_directory(images)) fmt::print(stderr, "images         {}\n", images.string());
  if (!arguments.contact_sheet.empty() && contact_sheet_for(store, sweeps.back(), arguments.contact_sheet)) {
    fmt::print(stderr, "contact sheet  {}\n", arguments.contact_sheet);
  }
  return 0;
}

int rescore_database(const std::string& path, const std::vector<std::string>& places) {
  const results::Store store = as_input([&] { return results::Store::open_read_only(database_of(path)); });
  const RescoreReport report = rescore(store, load_catalogue(places));
  for (const auto& difference : report.differences) {
    fmt::print("{} {}: stored {}, recomputed {}\n", difference.evaluation.substr(0, 16), difference.what,
               difference.stored, difference.recomputed);
  }
  for (const auto& failure : report.failures)
    fmt::print("{} {} cannot be scored again: {}\n", failure.evaluation.substr(0, 16), failure.benchmark,
               failure.reason);
  fmt::print("{} evaluations, {} images scored again from stored evidence, {} differences{}\n",
             report.evaluations, report.images, report.differences.size(),
             report.failures.empty() ? "" : fmt::format(", {} failed", report.failures.size()));
  return report.differences.empty() && report.failures.empty() ? 0 : 1;
}

}  // namespace

void add_table(Program& program) {
  CLI::App* command = program.app.add_subcommand("table", "Prints the tables of a results database");
  auto arguments = std::make_shared<TableArguments>();
  command->add_option("database", arguments->database, "results.sqlite, or the output folder that holds it");
  command->add_option("--sweep", arguments->sweep, "Only this sweep (default: all in the database)");
  command->add_option("--recipe", arguments->recipe, "What the table shows (TOML, docs/tables.md)");
  command->add_option("--format", arguments->format, "text, markdown, csv; with --recipe latex and html, too")
      ->check(CLI::IsMember(recipe_formats()));
  command->add_option("--output", arguments->output, "Write the recipe's table to this file");
  command->add_option("--check", arguments->check,
                      "Make the table in this file again; exit code 1, and the lines, where it differs");
  command->add_option("--contact-sheet", arguments->contact_sheet, "Also write a PNG of prompts x rows");
  command->callback(
      [program, arguments] { program.chosen = [arguments] { return print_table(*arguments); }; });
}

void add_rescore(Program& program) {
  CLI::App* command = program.app.add_subcommand("rescore",
                                                 "Recomputes every stored score from stored evidence; exit "
                                                 "code 1 if one differs, or cannot be computed");
  auto database = std::make_shared<std::string>();
  command->add_option("database", *database, "results.sqlite, or the output folder that holds it")
      ->required();
  command->callback([program, database] {
    program.chosen = [program, database] { return rescore_database(*database, program.plugin_places); };
  });
}

}  // namespace umm::cli
