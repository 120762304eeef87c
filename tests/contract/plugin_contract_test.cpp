// Every plugin that the build produced keeps its promises: the suite of `ummbench plugin check`, in this
// process.
#include <gtest/gtest.h>

#include "conformance/conformance.h"
#include "conformance/trial.h"

namespace umm {
namespace {

const std::filesystem::path kTiny = UMM_SOURCE_DIR "/experiments/tiny";

const Catalogue& plugins() {
  static const Catalogue catalogue = Catalogue::load({std::filesystem::path(UMM_BINARY_DIR) / "plugins"});
  return catalogue;
}

struct Case {
  const LoadedPlugin* plugin;
  conformance::Check check;
};

// Made when tests are registered, so that each promise of each plugin is a test case of its own.
std::vector<Case> cases() {
  std::vector<Case> all;
  for (const LoadedPlugin& plugin : plugins().entries())
    for (auto& check : conformance::checks_of(plugin.entry.kind)) all.push_back({&plugin, std::move(check)});
  return all;
}

TEST(EveryPlugin, IsAccepted) {
  for (const Refusal& refusal : plugins().rejected()) ADD_FAILURE() << to_text(refusal);
  EXPECT_FALSE(plugins().entries().empty());
}

// Plugins are never unloaded, so what they made may outlive everything else in the process.
TEST(EveryPluginDeathTest, MayBeAliveWhenTheProcessEnds) {
  const auto end_with_all_alive = [] {
    static std::vector<std::shared_ptr<void>> alive;
    static std::vector<Tensor> tensors;
    for (const LoadedPlugin& plugin : plugins().entries()) {
      const conformance::Subject subject(plugin, plugins(), kTiny);
      const auto keep = [](auto made) { alive.push_back(std::move(made)); };
      if (plugin.entry.kind == PluginKind::architecture) {
        auto trial = std::make_shared<conformance::Trial>(subject);
        tensors.push_back(trial->loss(*trial->model, 1));  // with its graph
        tensors.back().backward({}, /*retain_graph=*/true);
        keep(std::move(trial));
      } else if (plugin.entry.kind == PluginKind::method) {
        keep(plugin.entry.make_method(subject.options()));
      } else if (plugin.entry.kind == PluginKind::dataset) {
        auto dataset = plugin.entry.make_dataset(subject.options());
        tensors.push_back(dataset->sample(0).image);
        keep(std::move(dataset));
      } else if (plugin.entry.kind == PluginKind::detector) {
        keep(plugin.entry.make_detector(subject.options()));
      } else if (plugin.entry.kind == PluginKind::answerer) {
        keep(plugin.entry.make_answerer(subject.options()));
      } else if (plugin.entry.kind == PluginKind::judge) {
        keep(plugin.entry.make_judge(subject.options(), {.replay_only = true}));
      } else if (plugin.entry.kind == PluginKind::evaluator) {
        try {
          keep(subject.fed_evaluator());
        } catch (const conformance::NotApplicable&) {  // no prompts of its format here
        }
      }
    }
    std::exit(alive.size() > 5 ? 0 : 1);
  };
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(end_with_all_alive(), ::testing::ExitedWithCode(0), "");
}

class Contract : public ::testing::TestWithParam<Case> {};

TEST_P(Contract, IsKept) {
  const auto& [plugin, check] = GetParam();
  const conformance::Subject subject(*plugin, plugins(), kTiny);
  try {
    check.run(subject);
  } catch (const conformance::NotApplicable& reason) {
    GTEST_SKIP() << reason.what();
  } catch (const std::exception& broken) {
    ADD_FAILURE() << subject.name() << ": " << check.promise << "\n" << broken.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Every, Contract, ::testing::ValuesIn(cases()), [](const auto& info) {
  const PluginEntry& entry = info.param.plugin->entry;
  return std::string(to_text(entry.kind)) + "_" + entry.id + "_" + info.param.check.name;
});

}  // namespace
}  // namespace umm
