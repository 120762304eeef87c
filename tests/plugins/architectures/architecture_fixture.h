// An architecture plugin as its test holds it: reached through its entry, with the sources linked in.
#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "umm/testing/linked_plugin.h"
#include "umm/umm.h"

namespace umm {

inline const PluginEntry& plugin() {
  return testing::linked_plugin();
}

inline std::unique_ptr<Architecture> make_model(std::map<std::string, OptionValue> values = {}) {
  values.emplace("vocabulary", std::string(UMM_SOURCE_DIR "/tests/plugins/architectures/words.txt"));
  auto model = plugin().make_architecture(Options(plugin().options, values));
  model->initialize(7);
  return model;
}

inline Tensor pictures(int64_t count, uint64_t seed = 1, int64_t side = 32) {
  return Rng(seed).uniform({count, 3, side, side}) * 2 - 1;
}

inline const std::vector<std::string> kTexts = {"a red circle", "the blue square and a red circle"};

inline Condition condition(std::vector<Segment> segments) {
  return {.segments = std::move(segments)};
}

inline Options sampling(std::map<std::string, OptionValue> values = {}) {
  return Options(plugin().sampling, values);
}

inline void freeze(Architecture& model, const std::set<std::string>& groups) {
  for (auto& parameter : model.parameters())
    parameter.value.requires_grad_(!groups.contains(parameter.group));
}

// Each weight has a name of its own, `published` are among them, and the repository is willing to carry them.
inline std::set<std::string> expect_weights(const std::vector<std::string>& published) {
  std::set<std::string> names;
  int64_t bytes = 0;
  auto model = make_model();
  for (const auto& parameter : model->parameters()) {
    EXPECT_TRUE(names.insert(parameter.component + "/" + parameter.name).second) << parameter.name;
    bytes += static_cast<int64_t>(parameter.value.nbytes());
  }
  for (const auto& name : published) EXPECT_TRUE(names.contains(name)) << name;
  EXPECT_LT(bytes, 8 << 20);
  return names;
}

// Groups and components whose parameters all received a gradient, and those in which none did.
struct Reached {
  std::set<std::string> all, none;
};

inline Reached reached(Architecture& model) {
  std::map<std::string, std::pair<int, int>> counts;
  for (const auto& parameter : model.parameters()) {
    const Tensor gradient = parameter.value.grad();
    ++(gradient.defined() && gradient.abs().sum().item<double>() > 0 ? counts[parameter.group].first
                                                                     : counts[parameter.group].second);
  }
  Reached result;
  for (const auto& [group, count] : counts) {
    if (count.second == 0) result.all.insert(group);
    if (count.first == 0) result.none.insert(group);
  }
  return result;
}

}  // namespace umm
