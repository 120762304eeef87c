#include "tables/spec_report.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "results/database.h"
#include "results/escaped_html.h"
#include "spec/files.h"
#include "tables/table_file.h"
#include "umm/error.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using spec::Value;

constexpr std::string_view kBaseline = "report.baseline.";

struct Wishes {
  results::SpecReport report;
  std::vector<std::string> tables;  // paths
};

// `key` begins with "report."; `folder`: where paths start.
void apply(const std::string& key, const Value& value, const fs::path& folder, Wishes& wishes) {
  if (key.starts_with(kBaseline)) wishes.report.baseline[key.substr(kBaseline.size())] = plain_text(value);
  if (key == "report.correct") wishes.report.correct = plain_text(value) != "none";
  const auto* table = value.get<Value::Table>();
  if (key == "report.baseline" && table != nullptr)
    for (const spec::Entry& entry : *table) wishes.report.baseline[entry.key] = plain_text(entry.value);
  const auto* list = value.get<Value::List>();
  if (key != "report.tables" || list == nullptr) return;
  wishes.tables.clear();
  for (const Value& name : *list)
    if (const auto* text = name.get<std::string>())
      wishes.tables.push_back((folder / *text).lexically_normal().string());
}

// The file that is extended first; a database may hold a spec that is none.
void apply_files(const std::string& path, const std::string& text, Wishes& wishes) {
  const auto files = spec::frozen_files(path, text);
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    if (file->protocol) continue;
    spec::Problems ignored;
    const auto root = spec::parse_toml(file->text, ignored.add_source(file->name, file->text), ignored);
    const auto* report = root ? spec::find_entry(*root, "report") : nullptr;
    const auto* table = report == nullptr ? nullptr : report->value.get<Value::Table>();
    if (table == nullptr) continue;
    for (const spec::Entry& entry : *table)
      apply("report." + entry.key, entry.value, fs::path(file->name).parent_path(), wishes);
  }
}

void apply_sets(const std::string& overrides, Wishes& wishes) {
  const auto sets = nlohmann::json::parse(overrides, nullptr, false);
  if (!sets.is_array()) return;
  for (const auto& set : sets) {
    if (!set.is_string()) continue;
    spec::Problems ignored;
    const auto text = set.get<std::string>();
    const auto entry = spec::parse_assignment(text, ignored.add_source("--set", text), ignored);
    if (entry && entry->key.starts_with("report.")) apply(entry->key, entry->value, {}, wishes);
  }
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
  Wishes wishes;
  results::Statement spec(store.handle(), "SELECT spec_path, spec_text FROM sweep WHERE name = ?");
  if (spec.bind(sweep).step()) apply_files(spec.text(0), spec.text(1), wishes);
  if (results::has_table(store.handle(), "submission")) {
    results::Statement submission(
        store.handle(),
        "SELECT overrides FROM submission JOIN sweep ON sweep.id = sweep_id WHERE sweep.name = ?");
    if (submission.bind(sweep).step()) apply_sets(submission.text(0), wishes);
  }
  const std::string database = sqlite3_db_filename(store.handle(), "main");
  for (const std::string& recipe : wishes.tables) wishes.report.tables_html += table_html(recipe, database);
  if (!wishes.tables.empty())
    wishes.report.tables_html = "<h3>Tables of the spec</h3>\n" + wishes.report.tables_html;
  return std::move(wishes.report);
}

}  // namespace umm
