#include "tables/table_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "loader/hash.h"
#include "tables/recipe_file.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFirstLine = "made by ummbench table";
constexpr const char* kNone = "none";

fs::path folder_of(const std::string& output) {
  const fs::path parent = fs::path(output).parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

// As the table's folder sees it.
std::string seen_from(const fs::path& folder, const fs::path& file) {
  std::error_code error;
  const fs::path relative = fs::proximate(fs::absolute(file), fs::absolute(folder), error);
  return error ? file.string() : relative.lexically_normal().generic_string();
}

std::string line(const std::string& key, const std::string& value) {
  return fmt::format("{:<16}{}", key, value);
}

std::vector<std::string> comment_of(const TableRequest& request, const RecipeFile& file,
                                    const results::RecipeTable& table) {
  const fs::path folder = folder_of(request.output);
  std::vector<std::string> lines{kFirstLine};
  lines.push_back(line("format", recipe_formats()[static_cast<size_t>(request.format)]));
  lines.push_back(line("recipe", seen_from(folder, request.recipe)));
  lines.push_back(line("recipe_sha256", hash_text(file.text)));
  lines.push_back(line("database", request.database.empty() ? kNone : seen_from(folder, request.database)));
  if (!request.database.empty()) lines.push_back(line("scores_sha256", hash_text(table.content)));
  if (table.recipe.source != results::ValueSource::kMeasured) {
    for (const auto& reported : file.reported) {
      lines.push_back(line("reported", seen_from(folder, reported)));
      lines.push_back(line("reported_sha256", hash_file(reported)));
    }
  }
  for (const auto& [column, protocol] : table.protocols)
    lines.push_back(line("protocol", column + ": " + protocol));
  for (const auto& [run, identity] : table.runs) lines.push_back(line("run", run + ": " + identity));
  return lines;
}

results::Store open_database(const std::string& path) {
  UMM_CHECK_INPUT(fs::is_regular_file(path), path, ": no such database; `ummbench run SPEC` makes one");
  return results::Store::open_read_only(path);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string each; std::getline(in, each);) lines.push_back(each);
  return lines;
}

// key -> value of the comment at the start of a table file.
std::map<std::string, std::string> read_comment(const std::vector<std::string>& lines) {
  std::map<std::string, std::string> values;
  bool begun = false;
  for (std::string each : lines) {
    for (const char* start : {"% ", "# "}) {
      if (each.starts_with(start)) each.erase(0, 2);
    }
    begun = begun || each == kFirstLine;
    const size_t space = each.find(' ');
    if (!begun || space == std::string::npos) continue;
    const size_t value = each.find_first_not_of(' ', space);
    if (value != std::string::npos) values.emplace(each.substr(0, space), each.substr(value));
    if (values.contains("database")) break;
  }
  return values;
}

// Without the comment's lines that say where files lie: a table that was moved is the same table.
std::vector<std::string> without_places(const std::vector<std::string>& lines) {
  static const std::set<std::string> places = {"recipe", "database", "reported"};
  static const std::set<std::string> others = {"format",          "recipe_sha256", "scores_sha256",
                                               "reported_sha256", "protocol",      "run"};
  std::vector<std::string> kept;
  bool comment = false;
  for (const auto& each : lines) {
    const size_t begin = each.starts_with("% ") || each.starts_with("# ") ? 2 : 0;
    const std::string key = each.substr(begin, each.find(' ', begin) - begin);
    if (comment && places.contains(key)) continue;
    comment = each.substr(begin) == kFirstLine || (comment && others.contains(key));
    kept.push_back(each);
  }
  return kept;
}

// The longest common subsequence leaves out what differs.
std::vector<std::string> differing_lines(const std::vector<std::string>& old_lines,
                                         const std::vector<std::string>& new_lines) {
  const size_t rows = old_lines.size(), columns = new_lines.size();
  std::vector<std::vector<size_t>> common(rows + 1, std::vector<size_t>(columns + 1));
  for (size_t i = rows; i-- > 0;) {
    for (size_t j = columns; j-- > 0;) {
      common[i][j] = old_lines[i] == new_lines[j] ? common[i + 1][j + 1] + 1
                                                  : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::vector<std::string> lines;
  for (size_t i = 0, j = 0; i < rows || j < columns;) {
    if (i < rows && j < columns && old_lines[i] == new_lines[j]) {
      ++i, ++j;
    } else if (i < rows && (j == columns || common[i + 1][j] >= common[i][j + 1])) {
      lines.push_back("-" + old_lines[i++]);
    } else {
      lines.push_back("+" + new_lines[j++]);
    }
  }
  return lines;
}

}  // namespace

const std::vector<std::string>& recipe_formats() {
  static const std::vector<std::string> names = {"text", "markdown", "csv", "latex", "html"};
  return names;
}

results::RecipeFormat recipe_format(const std::string& name) {
  const auto& names = recipe_formats();
  const auto found = std::find(names.begin(), names.end(), name);
  UMM_CHECK_INPUT(found != names.end(), "there is no table format \"", name,
                  "\"; there are text, markdown, csv, latex and html");
  return static_cast<results::RecipeFormat>(found - names.begin());
}

std::string make_table(const TableRequest& request) {
  const RecipeFile file = read_recipe(request.recipe);
  UMM_CHECK_INPUT(!request.database.empty() || file.recipe.source != results::ValueSource::kMeasured,
                  request.recipe,
                  ": its values are measured: name the database, `ummbench table DATABASE --recipe ",
                  request.recipe, "`");
  try {
    std::vector<results::ReportedRow> reported;
    if (file.recipe.source != results::ValueSource::kMeasured) {
      for (const auto& path : file.reported) {
        for (auto& value : results::read_reported(path.lexically_normal()))
          reported.push_back(std::move(value));
      }
    }
    std::optional<results::Store> store;
    if (!request.database.empty()) store.emplace(open_database(request.database));
    const auto table = results::fill_recipe(file.recipe, store ? &*store : nullptr, reported);
    return render(table, request.format, comment_of(request, file, table));
  } catch (const results::StoreError& error) {
    throw InputError(error.what());
  }
}

std::vector<std::string> table_drift(const std::string& path) {
  const auto lines = lines_of(read_file(path));
  const auto values = read_comment(lines);
  for (const char* key : {"format", "recipe", "database"}) {
    UMM_CHECK_INPUT(values.contains(key), path, ": no comment says its ", key,
                    "; write it with `ummbench table --recipe FILE --output ", path, "`");
  }
  // The comment's paths start at the table's folder; where it was redirected into a file, at the current one.
  const auto resolved = [&](const std::string& named) {
    const fs::path beside = folder_of(path) / named;
    return (fs::exists(beside) ? beside : fs::path(named)).lexically_normal().string();
  };
  const std::string& database = values.at("database");
  TableRequest request{resolved(values.at("recipe")), database == kNone ? "" : resolved(database),
                       recipe_format(values.at("format"))};
  if (fs::exists(folder_of(path) / values.at("recipe"))) request.output = path;
  return differing_lines(without_places(lines), without_places(lines_of(make_table(request))));
}

}  // namespace umm
