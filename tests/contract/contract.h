// What the contract suites share: the plugins of this build, made the way a spec of the tiny size makes them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "loader/catalogue.h"
#include "umm/umm.h"

namespace umm::contract {

inline const Catalogue& plugins() {
  static const Catalogue catalogue = Catalogue::load({std::filesystem::path(UMM_BINARY_DIR) / "plugins"});
  return catalogue;
}

// Evaluated when tests are registered, so that each plugin is a test case of its own.
inline std::vector<std::string> ids(PluginKind kind) {
  std::vector<std::string> found;
  for (const LoadedPlugin& plugin : plugins().entries()) {
    if (plugin.entry.kind == kind) found.push_back(plugin.entry.id);
  }
  return found;
}

inline std::string case_name(const ::testing::TestParamInfo<std::string>& info) {
  return info.param;
}

// experiments/tiny/<option>.* is what a path option without a default means in the tiny world.
inline std::string tiny_file(const std::string& option) {
  const std::filesystem::path folder = std::filesystem::path(UMM_SOURCE_DIR) / "experiments" / "tiny";
  if (!std::filesystem::is_directory(folder)) return "";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.is_regular_file() && file.path().stem() == option) return file.path().string();
  }
  return "";
}

// Defaults, except that a preset is the tiny one and a missing file is the tiny world's.
inline Options tiny_options(const PluginEntry& entry) {
  std::map<std::string, OptionValue> values;
  for (const OptionSpec& spec : entry.options.specs()) {
    const bool has_tiny = std::find(spec.choices.begin(), spec.choices.end(), "tiny") != spec.choices.end();
    if (spec.name == "preset" && has_tiny) values[spec.name] = std::string("tiny");
    if (spec.type != OptionType::path || !std::get<std::string>(spec.default_value).empty()) continue;
    if (const std::string file = tiny_file(spec.name); !file.empty()) values[spec.name] = file;
  }
  return Options(entry.options, values);
}

// The first dataset of the build that has everything a method may ask for.
inline const Dataset* complete_dataset() {
  static const std::unique_ptr<Dataset> dataset = [] {
    for (const std::string& id : ids(PluginKind::dataset)) {
      const PluginEntry& entry = plugins().at(PluginKind::dataset, id).entry;
      std::unique_ptr<Dataset> candidate = entry.make_dataset(tiny_options(entry));
      const Sample sample = candidate->sample(0);
      if (sample.image.defined() && !sample.caption.empty() && !sample.answer.empty()) return candidate;
    }
    return std::unique_ptr<Dataset>();
  }();
  return dataset.get();
}

}  // namespace umm::contract
