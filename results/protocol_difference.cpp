#include "results/protocol_difference.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace umm::results {
namespace {

using Settings = std::map<std::string, std::string>;

void add_json(const nlohmann::json& value, const std::string& name, Settings& settings) {
  if (!value.is_object() || value.empty()) {
    settings[name] = value.is_string() ? value.get<std::string>() : value.dump();
    return;
  }
  for (const auto& [key, element] : value.items()) {
    add_json(element, name.empty() ? key : name + "." + key, settings);
  }
}

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(" \t\r");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

Settings settings_of(const std::string& text) {
  Settings settings;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_object()) {
    add_json(json, "", settings);
    return settings;
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t equals = line.find('=');
    if (trimmed(line).empty()) continue;
    if (equals == std::string::npos) {
      settings[trimmed(line)] = "set";
    } else {
      settings[trimmed(line.substr(0, equals))] = trimmed(line.substr(equals + 1));
    }
  }
  return settings;
}

}  // namespace

std::vector<SettingDifference> differing_settings(const std::string& a, const std::string& b) {
  const Settings of_a = settings_of(a), of_b = settings_of(b);
  std::set<std::string> names;
  for (const auto& [name, value] : of_a) names.insert(name);
  for (const auto& [name, value] : of_b) names.insert(name);
  const auto value_in = [](const Settings& settings, const std::string& name) {
    const auto found = settings.find(name);
    return found == settings.end() ? "unset" : found->second;
  };
  std::vector<SettingDifference> differences;
  for (const std::string& name : names) {
    SettingDifference difference{name, value_in(of_a, name), value_in(of_b, name)};
    if (difference.a != difference.b) differences.push_back(std::move(difference));
  }
  return differences;
}

}  // namespace umm::results
