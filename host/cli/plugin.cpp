// ummbench plugin list | show ID
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "cli/catalogue.h"
#include "cli/commands.h"
#include "umm/error.h"

namespace umm::cli {
namespace {

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

int list_plugins(const std::vector<std::string>& folders, bool retry_faults) {
  const Catalogue catalogue = load_catalogue(folders, retry_faults);
  for (const auto& plugin : catalogue.entries()) {
    fmt::print("{:<13} {:<14} {}\n", to_text(plugin.entry.kind), plugin.entry.id, plugin.entry.doc);
  }
  if (!catalogue.entries().empty()) {
    fmt::print("\nfrom {}\n", catalogue.entries()[0].file.parent_path().string());
  }
  for (const auto& refusal : catalogue.rejected()) fmt::print("\n{}\n", to_text(refusal));
  if (!catalogue.entries().empty()) return 0;
  std::string searched;
  for (const auto& folder : plugin_folders(folders)) searched += " " + folder.string();
  throw InputError("no plugin found in" + searched);
}

std::string type_text(const OptionSpec& option) {
  if (!option.choices.empty()) return join(option.choices);
  static constexpr const char* kNames[] = {"boolean", "integer", "number", "text", "path"};
  std::string text = kNames[static_cast<int>(option.type)];
  if (std::isfinite(option.minimum) || std::isfinite(option.maximum)) {
    text += fmt::format(" [{}, {}]", option.minimum, option.maximum);
  }
  return text;
}

void print_schema(const char* title, const OptionSchema& schema) {
  if (schema.specs().empty()) return;
  fmt::print("\n  {}\n", title);
  for (const auto& option : schema.specs()) {
    const std::string shown = option.type == OptionType::text || option.type == OptionType::path
                                  ? '"' + to_text(option.default_value) + '"'
                                  : to_text(option.default_value);
    fmt::print("    {:<26} = {:<12} {}\n      {}\n", option.name, shown, type_text(option), option.doc);
  }
}

int show_plugin(const std::vector<std::string>& folders, const std::string& id) {
  const Catalogue catalogue = load_catalogue(folders);
  std::set<std::string> known;
  bool found = false;
  for (const auto& [entry, file, version, content_hash] : catalogue.entries()) {
    known.insert(entry.id);
    if (entry.id != id) continue;
    fmt::print("{}{} `{}`: {}\n", found ? "\n" : "", to_text(entry.kind), entry.id, entry.doc);
    fmt::print("  version {}\n  file {}\n  sha256 {}\n", version, file.string(), content_hash);
    if (!entry.provides.empty()) fmt::print("  provides {}\n", join(entry.provides));
    if (entry.needs)
      fmt::print("  needs {} (at its defaults)\n", join(entry.needs(Options(entry.options, {}))));
    print_schema("options", entry.options);
    print_schema("sampling options", entry.sampling);
    found = true;
  }
  if (!found) {
    std::string message = fmt::format("no plugin `{}`; there are: {}", id, fmt::join(known, ", "));
    for (const auto& refusal : catalogue.rejected()) message += "\n" + to_text(refusal);
    throw InputError(message);
  }
  return 0;
}

}  // namespace

void add_plugin(Program& program) {
  CLI::App* plugin = program.app.add_subcommand("plugin", "What is loaded, and its options");
  plugin->require_subcommand(1);
  CLI::App* list = plugin->add_subcommand("list", "Every plugin, and the libraries that were refused");
  auto retry = std::make_shared<bool>(false);
  list->add_flag("--retry", *retry, "Try those again that crashed or hung when they were tried before");
  list->callback([program, retry] {
    program.chosen = [program, retry] { return list_plugins(program.plugin_folders, *retry); };
  });
  CLI::App* show = plugin->add_subcommand("show", "Options of one plugin: type, range, default, meaning");
  auto id = std::make_shared<std::string>();
  show->add_option("id", *id, "Plugin id, e.g. reca")->required();
  show->callback(
      [program, id] { program.chosen = [program, id] { return show_plugin(program.plugin_folders, *id); }; });
}

}  // namespace umm::cli
