#include "cli/plugin_json.h"

#include <array>
#include <cmath>
#include <variant>

namespace umm::cli {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const OptionSpec& option) {
  Json json = {{"name", option.name}, {"type", type_name(option.type)}};
  std::visit([&](const auto& value) { json["default"] = value; }, option.default_value);
  if (std::isfinite(option.minimum)) json["minimum"] = option.minimum;
  if (std::isfinite(option.maximum)) json["maximum"] = option.maximum;
  if (!option.choices.empty()) json["choices"] = option.choices;
  json["doc"] = option.doc;
  return json;
}

Json to_json(const OptionSchema& schema) {
  Json list = Json::array();
  for (const auto& option : schema.specs()) list.push_back(to_json(option));
  return list;
}

}  // namespace

const char* type_name(OptionType type) {
  static constexpr std::array kNames = {"boolean", "integer", "number", "text", "path"};
  return kNames.at(static_cast<size_t>(type));
}

Json to_json(const LoadedPlugin& plugin) {
  const PluginEntry& entry = plugin.entry;
  const auto needs = entry.needs ? entry.needs(Options(entry.options, {})) : std::vector<std::string>();
  Json asks = Json::array();
  for (const PluginKind kind : entry.asks) asks.push_back(to_text(kind));
  return {{"kind", to_text(entry.kind)},
          {"id", entry.id},
          {"version", plugin.version},
          {"doc", entry.doc},
          {"file", plugin.file.string()},
          {"sha256", plugin.content_hash},
          {"provides", entry.provides},
          {"needs", needs},
          {"asks", asks},
          {"options", to_json(entry.options)},
          {"sampling", to_json(entry.sampling)}};
}

Json to_json(const Refusal& refusal) {
  Json facts = Json::array();
  for (const auto& [label, value] : refusal.facts) facts.push_back({{"label", label}, {"value", value}});
  return {{"code", refusal.code},      {"what", refusal.what}, {"file", refusal.file.string()},
          {"plugin", refusal.plugin},  {"facts", facts},       {"fix", refusal.fix},
          {"has_run", refusal.has_run}};
}

}  // namespace umm::cli
