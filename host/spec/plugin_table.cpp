#include "spec/plugin_table.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string_view>

#include "loader/catalogue.h"
#include "spec/fields.h"

namespace umm::spec {
namespace {

namespace fs = std::filesystem;

using Version = std::vector<int64_t>;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// "1.2.0" as {1, 2}: zeros at the end say nothing.
std::optional<Version> version_of(std::string_view text) {
  Version version;
  while (true) {
    const size_t dot = std::min(text.find('.'), text.size());
    int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + dot, number);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + dot || number < 0) return std::nullopt;
    version.push_back(number);
    if (dot == text.size()) break;
    text.remove_prefix(dot + 1);
  }
  while (!version.empty() && version.back() == 0) version.pop_back();
  return version;
}

// One of "", "=", ">", ">=", "<", "<=" and a version; the same as "" and "=".
std::optional<bool> satisfies_one(const Version& version, std::string_view clause) {
  const size_t length = std::min(clause.find_first_not_of("<>="), clause.size());
  const std::string_view sign = clause.substr(0, length);
  const auto bound = version_of(trimmed(clause.substr(length)));
  if (!bound) return std::nullopt;
  if (sign == ">=") return version >= *bound;
  if (sign == "<=") return version <= *bound;
  if (sign == ">") return version > *bound;
  if (sign == "<") return version < *bound;
  if (sign == "=" || sign.empty()) return version == *bound;
  return std::nullopt;
}

void check_path(Context& context, Fields& fields, const fs::path& folder) {
  if (fields.find("path") == nullptr || context.elsewhere != nullptr) return;
  for (const Value& value : fields.list("path")) {
    const auto* name = value.get<std::string>();
    std::error_code error;
    if (name == nullptr) {
      fields.report_type(value, "path", "a list of text");
    } else if (!fs::exists(folder / *name, error)) {
      context.problems.add(
          {"S131",
           value.at,
           "there is no plugin library or folder " + (folder / *name).lexically_normal().string(),
           "",
           {"paths are relative to the folder of the file that they stand in"}});
    }
  }
}

void report_absent(Context& context, const Entry& entry) {
  std::set<std::string> ids;
  for (const LoadedPlugin& plugin : context.catalogue.entries()) ids.insert(plugin.entry.id);
  const std::vector<std::string> there(ids.begin(), ids.end());
  std::vector<std::string> notes = {there.empty() ? "no plugin was found" : "there are: " + join(there)};
  for (const Refusal& refusal : context.catalogue.rejected())
    notes.push_back("refused: " + refusal.summary());
  context.problems.add({"S110", entry.key_at, "plugin \"" + entry.key + "\" is required and not there",
                        did_you_mean(entry.key, there), notes});
}

void check_requirement(Context& context, const Entry& entry) {
  const auto* requirement = entry.value.get<std::string>();
  if (requirement == nullptr || !satisfies("0", *requirement)) {
    context.problems.add({"S119",
                          entry.value.at,
                          "`require." + entry.key + "` is no range of versions: " + plain_text(entry.value),
                          "",
                          {"write text like \">=1.2, <2\" or \"1.2.0\""}});
    return;
  }
  bool found = false;
  for (const LoadedPlugin& plugin : context.catalogue.entries()) {
    if (plugin.entry.id != entry.key) continue;
    found = true;
    if (satisfies(plugin.version, *requirement) == true) continue;
    context.problems.add(
        {"S118",
         entry.value.at,
         "plugin \"" + entry.key + "\" has version " + plugin.version + ", required is " + *requirement,
         "",
         {"found in " + plugin.file.string(),
          "another copy can come first: [plugins] path, --plugins or UMM_PLUGIN_PATH"}});
  }
  if (!found && context.awaits.need_plugin(entry.key) == nullptr) report_absent(context, entry);
}

}  // namespace

std::optional<bool> satisfies(const std::string& version, const std::string& requirement) {
  const auto numbers = version_of(version);
  bool all = numbers.has_value();
  for (std::string_view rest = requirement;;) {
    const size_t comma = std::min(rest.find(','), rest.size());
    const auto one = satisfies_one(numbers.value_or(Version()), trimmed(rest.substr(0, comma)));
    if (!one) return std::nullopt;
    all = all && *one;
    if (comma == rest.size()) return all;
    rest.remove_prefix(comma + 1);
  }
}

std::vector<fs::path> plugin_folders(const SpecFiles& spec) {
  std::vector<fs::path> folders;
  for (const SpecFile& file : spec.files) {
    const Entry* plugins = find_entry(file.root, "plugins");
    const auto* table = plugins == nullptr ? nullptr : plugins->value.get<Value::Table>();
    const Entry* path = table == nullptr ? nullptr : find_entry(*table, "path");
    const auto* list = path == nullptr ? nullptr : path->value.get<Value::List>();
    for (const Value& value : list == nullptr ? Value::List() : *list) {
      const auto* name = value.get<std::string>();
      std::error_code error;
      if (name != nullptr && fs::exists(file.folder / *name, error)) folders.push_back(file.folder / *name);
    }
  }
  return folders;
}

void check_plugins(Context& context, const std::vector<SpecFile>& files) {
  std::set<std::string> required;  // a file's word counts, not that of the one it extends
  for (const SpecFile& file : files) {
    const Entry* plugins = find_entry(file.root, "plugins");
    if (plugins == nullptr || plugins->value.get<Value::Table>() == nullptr) continue;
    Fields fields(plugins->value, "[plugins]", context.problems);
    check_path(context, fields, file.folder);
    if (const Value* require = fields.find("require")) {
      const auto* table = require->get<Value::Table>();
      if (table == nullptr) fields.report_type(*require, "require", "a table");
      for (const Entry& entry : table == nullptr ? Value::Table() : *table)
        if (required.insert(entry.key).second) check_requirement(context, entry);
    }
    fields.finish();
  }
}

}  // namespace umm::spec
