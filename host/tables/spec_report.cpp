#include "tables/spec_report.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "results/database.h"
#include "results/escaped_html.h"
#include "spec/read.h"
#include "tables/table_file.h"
#include "umm/error.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

// As the sweep keeps them; a database may hold a spec that is none.
spec::SpecFiles files_of(const std::string& path, const std::string& text) {
  spec::SpecFiles files;
  for (const auto& frozen : spec::frozen_files(path, text)) {
    if (frozen.protocol) continue;
    spec::SpecFile file{frozen.name, frozen.text, fs::path(frozen.name).parent_path(), {}};
    const int source = files.problems.add_source(file.name, file.text);
    if (auto root = spec::parse_toml(file.text, source, files.problems)) file.root = std::move(*root);
    files.files.push_back(std::move(file));
  }
  return files;
}

std::vector<std::string> sets_of(const std::string& overrides) {
  std::vector<std::string> sets;
  const auto json = nlohmann::json::parse(overrides, nullptr, false);
  if (!json.is_array()) return sets;
  for (const auto& set : json)
    if (set.is_string()) sets.push_back(set.get<std::string>());
  return sets;
}

std::string table_html(const std::string& recipe, const std::string& database) {
  std::error_code failed;
  std::string why = "the recipe is not here";
  if (fs::is_regular_file(recipe, failed)) {
    try {
      return make_table(
          {.recipe = recipe, .database = database, .format = results::RecipeFormat::kHtml, .output = {}});
    } catch (const InputError& error) {
      why = error.what();
    }
  }
  return fmt::format("<p class=\"error\">{}: {}</p>\n", results::escaped_html(recipe),
                     results::escaped_html(why));
}

}  // namespace

results::SpecReport spec_report(const results::Store& store, const std::string& sweep) {
  results::Statement spec(store.handle(), "SELECT spec_path, spec_text FROM sweep WHERE name = ?");
  if (!spec.bind(sweep).step()) return {};
  std::vector<std::string> sets;
  if (results::has_table(store.handle(), "submission")) {
    results::Statement submission(
        store.handle(),
        "SELECT overrides FROM submission JOIN sweep ON sweep.id = sweep_id WHERE sweep.name = ?");
    if (submission.bind(sweep).step()) sets = sets_of(submission.text(0));
  }
  const ReportConfig asked = read_report(files_of(spec.text(0), spec.text(1)), sets);
  results::SpecReport report{.baseline = asked.baseline, .correct = asked.correct != "none"};
  const std::string database = sqlite3_db_filename(store.handle(), "main");
  for (const std::string& recipe : asked.tables) report.tables_html += table_html(recipe, database);
  if (!asked.tables.empty()) report.tables_html = "<h3>Tables of the spec</h3>\n" + report.tables_html;
  return report;
}

}  // namespace umm
