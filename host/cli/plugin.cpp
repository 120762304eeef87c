// ummbench plugin list | show ID   [--json]; `check` and `new` are in plugin_check.cpp and plugin_new.cpp
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "cli/catalogue.h"
#include "cli/commands.h"
#include "cli/plugin_json.h"
#include "umm/error.h"

namespace umm::cli {
namespace {

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

struct ListArguments {
  bool retry_faults = false;
  bool as_json = false;
};

int print_catalogue_as_json(const Catalogue& catalogue) {
  nlohmann::ordered_json plugins = nlohmann::ordered_json::array(), refused = plugins;
  for (const auto& plugin : catalogue.entries()) plugins.push_back(to_json(plugin));
  for (const auto& refusal : catalogue.rejected()) refused.push_back(to_json(refusal));
  fmt::print("{}\n", nlohmann::ordered_json{{"plugins", plugins}, {"refused", refused}}.dump(2));
  return 0;
}

int list_plugins(const std::vector<std::string>& places, const ListArguments& arguments) {
  const Catalogue catalogue = load_catalogue(places, arguments.retry_faults);
  if (arguments.as_json) return print_catalogue_as_json(catalogue);
  for (const auto& plugin : catalogue.entries()) {
    fmt::print("{:<13} {:<14} {}\n", to_text(plugin.entry.kind), plugin.entry.id, plugin.entry.doc);
  }
  std::set<std::string> folders;
  for (const auto& plugin : catalogue.entries()) folders.insert(plugin.file.parent_path().string());
  if (!folders.empty()) fmt::print("\nfrom {}\n", fmt::join(folders, ", "));
  for (const auto& refusal : catalogue.rejected()) fmt::print("\n{}\n", to_text(refusal));
  if (!catalogue.entries().empty()) return 0;
  std::string searched;
  for (const auto& place : plugin_places(places)) searched += " " + place.string();
  throw InputError("no plugin found in" + searched);
}

std::string type_text(const OptionSpec& option) {
  if (!option.choices.empty()) return join(option.choices);
  std::string text = type_name(option.type);
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

void print_plugin(const LoadedPlugin& plugin) {
  const PluginEntry& entry = plugin.entry;
  fmt::print("{} `{}`: {}\n  version {}\n  file {}\n  sha256 {}\n", to_text(entry.kind), entry.id, entry.doc,
             plugin.version, plugin.file.string(), plugin.content_hash);
  if (!entry.provides.empty()) fmt::print("  provides {}\n", join(entry.provides));
  if (!entry.asks.empty()) {
    std::vector<std::string> asks;
    for (const PluginKind kind : entry.asks) asks.emplace_back(to_text(kind));
    fmt::print("  asks {}\n", join(asks));
  }
  if (entry.needs)
    fmt::print("  needs {} (at its defaults)\n", join(entry.needs(Options(entry.options, {}))));
  print_schema("options", entry.options);
  print_schema("sampling options", entry.sampling);
}

// An id may be one of several kinds.
int show_plugin(const std::vector<std::string>& places, const std::string& id, bool as_json) {
  const Catalogue catalogue = load_catalogue(places);
  std::set<std::string> known;
  std::vector<const LoadedPlugin*> found;
  for (const auto& plugin : catalogue.entries()) {
    known.insert(plugin.entry.id);
    if (plugin.entry.id == id) found.push_back(&plugin);
  }
  if (found.empty()) {
    std::string message = fmt::format("no plugin `{}`; there are: {}", id, fmt::join(known, ", "));
    for (const auto& refusal : catalogue.rejected()) message += "\n" + to_text(refusal);
    throw InputError(message);
  }
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const auto* plugin : found) {
    if (as_json) {
      json.push_back(to_json(*plugin));
      continue;
    }
    if (plugin != found.front()) fmt::print("\n");
    print_plugin(*plugin);
  }
  if (as_json) fmt::print("{}\n", json.dump(2));
  return 0;
}

}  // namespace

void add_plugin(Program& program) {
  CLI::App* plugin =
      program.app.add_subcommand("plugin", "What is loaded, its options, and whether it keeps its promises");
  plugin->require_subcommand(1);
  CLI::App* list = plugin->add_subcommand("list", "Every plugin, and the libraries that were refused");
  auto arguments = std::make_shared<ListArguments>();
  list->add_flag("--retry", arguments->retry_faults,
                 "Try those again that crashed or hung when they were tried before");
  list->add_flag("--json", arguments->as_json,
                 "All that `show` tells of each, and why libraries were refused");
  list->callback([program, arguments] {
    program.chosen = [program, arguments] { return list_plugins(program.plugin_places, *arguments); };
  });
  CLI::App* show = plugin->add_subcommand("show", "Options of one plugin: type, range, default, meaning");
  auto id = std::make_shared<std::string>();
  show->add_option("id", *id, "Plugin id, e.g. reca")->required();
  auto as_json = std::make_shared<bool>(false);
  show->add_flag("--json", *as_json, "A list, as an id may be one of several kinds");
  show->callback([program, id, as_json] {
    program.chosen = [program, id, as_json] { return show_plugin(program.plugin_places, *id, *as_json); };
  });
  add_plugin_check(program, *plugin);
  add_plugin_new(program, *plugin);
}

}  // namespace umm::cli
