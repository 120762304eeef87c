// ummbench db query | schema | export | dump | snapshot | ingest | reported: the results database itself.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/commands.h"
#include "cli/database.h"
#include "launch/attempt.h"
#include "results/describe.h"
#include "results/dump.h"
#include "results/export.h"
#include "results/ingest.h"
#include "results/query.h"
#include "results/reported.h"
#include "results/run_folder.h"
#include "train/files.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm::cli {
namespace {

namespace fs = std::filesystem;

struct DbArguments {
  std::string database, sql, format = "table", folder, file;
  std::vector<std::string> only, files;
  bool markdown = false;
};

void check_output_folder(const std::string& folder) {
  UMM_CHECK_INPUT(
      fs::is_directory(fs::path(folder) / "sweeps") || fs::is_directory(fs::path(folder) / "runs"), folder,
      ": expected an output folder of `ummbench run`, with sweeps/ or runs/ in it");
}

results::Store open_database(const DbArguments& arguments) {
  return as_input([&] { return results::Store::open_read_only(database_of(arguments.database)); });
}

int query(const DbArguments& arguments) {
  const auto store = open_database(arguments);
  const auto print = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); };
  as_input([&] {
    return results::print_query(store.handle(), arguments.sql, *results::query_format(arguments.format),
                                print);
  });
  return 0;
}

int schema(const DbArguments& arguments) {
  auto names = arguments.only;
  std::map<std::string, int64_t> rows;
  const auto tables = results::describe_schema();
  const bool is_place = !names.empty() && std::none_of(tables.begin(), tables.end(), [&](const auto& table) {
    return table.name == names.front();
  });
  if (is_place && fs::exists(names.front())) {
    const auto file = database_of(names.front());
    rows = as_input([&] { return results::count_rows(results::Store::open_read_only(file).handle()); });
    names.erase(names.begin());
  }
  fmt::print("{}", as_input([&] { return results::render_schema(names, arguments.markdown, rows); }));
  return 0;
}

int export_database(const DbArguments& arguments) {
  const auto store = open_database(arguments);
  for (const auto& file :
       as_input([&] { return results::export_csv(store.handle(), arguments.folder, arguments.only); }))
    fmt::print("{:>9} rows  {}\n", file.rows, file.file.string());
  return 0;
}

int dump_database(const DbArguments& arguments) {
  const auto store = open_database(arguments);
  as_input([&] {
    results::dump(store.handle(),
                  [](std::string_view line) { std::fwrite(line.data(), 1, line.size(), stdout); });
  });
  return 0;
}

int take_snapshot(const DbArguments& arguments) {
  const auto store = open_database(arguments);
  const int64_t bytes = as_input([&] { return results::snapshot(store.handle(), arguments.file); });
  fmt::print("{}: {} bytes\n", arguments.file, bytes);
  return 0;
}

int ingest(const DbArguments& arguments) {
  check_output_folder(arguments.folder);
  const auto report = as_input([&] {
    results::Ingester ingester(arguments.folder, attempt_is_alive);
    return ingester.take_in();
  });
  for (const auto& problem : report.problems) fmt::print(stderr, "{}\n", problem);
  fmt::print("{}: {} new frames of {} journals, {} problems\n",
             results::database_file(arguments.folder).string(), report.frames, report.journals,
             report.problems.size());
  return report.problems.empty() ? 0 : 1;
}

// Beside the journals, where each new database finds them.
int add_reported(const DbArguments& arguments) {
  check_output_folder(arguments.folder);
  std::vector<fs::path> files;
  for (const auto& place : arguments.files) {
    UMM_CHECK_INPUT(fs::exists(place), place,
                    ": expected a CSV file of published figures or a folder of them");
    if (!fs::is_directory(place)) files.emplace_back(place);
    for (const auto& file : results::reported_files(place)) files.push_back(file);
  }
  UMM_CHECK_INPUT(!files.empty(), "no CSV file in ", fmt::format("{}", fmt::join(arguments.files, ", ")));
  for (size_t i = 0; i < files.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      UMM_CHECK_INPUT(files[i].filename() != files[j].filename() || fs::equivalent(files[i], files[j]),
                      files[j].string(), " and ", files[i].string(),
                      ": one would take the place of the other in ",
                      results::reported_folder(arguments.folder).string(), "; rename one");
  std::vector<size_t> rows;  // read before the first is copied: what lies there is taken in at every pass
  for (const auto& file : files)
    rows.push_back(as_input([&] { return results::read_reported(file).size(); }));
  const auto folder = results::reported_folder(arguments.folder);
  make_folders(folder);
  for (size_t i = 0; i < files.size(); ++i) {
    const auto& file = files[i];
    write_text_file(folder / file.filename(), read_file(file));
    fmt::print("{:>5} figures  {}\n", rows[i], file.filename().string());
  }
  return ingest(arguments);
}

using Command = int (*)(const DbArguments&);

CLI::App* add_command(Program& program, CLI::App& db, const std::shared_ptr<DbArguments>& arguments,
                      Command command, const char* name, const char* doc) {
  CLI::App* added = db.add_subcommand(name, doc);
  added->callback([program, arguments, command] {
    program.chosen = [arguments, command] { return command(*arguments); };
  });
  return added;
}

}  // namespace

void add_db(Program& program) {
  CLI::App* db = program.app.add_subcommand("db", "Asks, copies and fills a results database");
  db->require_subcommand(1);
  const auto arguments = std::make_shared<DbArguments>();
  const auto add = [&](Command command, const char* name, const char* doc) {
    return add_command(program, *db, arguments, command, name, doc);
  };
  const auto add_database = [&](CLI::App* command) {
    command->add_option("database", arguments->database, "results.sqlite, or the output folder that holds it")
        ->required();
  };
  const auto add_folder = [&](CLI::App* command) {
    command->add_option("folder", arguments->folder, "Output folder of `ummbench run`")->required();
  };
  CLI::App* asked =
      add(query, "query", "Answers one SQL statement; nothing that it says can change anything");
  add_database(asked);
  asked->add_option("sql", arguments->sql, "SQL over the tables and views of `db schema`")->required();
  asked->add_option("--format", arguments->format, "table, csv, json or markdown")
      ->check(CLI::IsMember({"table", "csv", "json", "markdown"}));
  CLI::App* described = add(schema, "schema", "Prints what tables and views hold, with units");
  described->add_option(
      "names", arguments->only,
      "A database or output folder, to see how many rows it has (./runs, where a table is called so); then "
      "tables and views to be told of (default: all)");
  described->add_flag("--markdown", arguments->markdown, "For a page");
  CLI::App* exported =
      add(export_database, "export", "Writes tables and views as CSV files, all of one moment");
  add_database(exported);
  exported->add_option("--csv", arguments->folder, "Folder to write <table or view>.csv to")->required();
  exported
      ->add_option(
          "--only", arguments->only,
          "This table or view (default: all but paired_items, which is large and follows from others)")
      ->allow_extra_args(false);
  add_database(add(dump_database, "dump",
                   "Prints each row without row numbers, sorted: equal for databases that say the same"));
  CLI::App* copied = add(take_snapshot, "snapshot",
                         "Copies the database as it is at one moment, while somebody writes to it");
  add_database(copied);
  copied->add_option("file", arguments->file, "File to make; it must not exist")->required();
  add_folder(add(ingest, "ingest",
                 "Takes in what is new in journals, or all of it where the database was deleted; exit code 1 "
                 "if something could not be read"));
  CLI::App* added = add(add_reported, "reported", "Puts published figures beside the measured ones");
  add_folder(added);
  added->add_option("files", arguments->files, "CSV files, or folders of them: experiments/paper/reported")
      ->required();
}

}  // namespace umm::cli
