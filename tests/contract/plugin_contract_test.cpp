// Every plugin that the build produced keeps its promises: the suite of `ummbench plugin check`, in this process.
#include <gtest/gtest.h>

#include "conformance/conformance.h"

namespace umm {
namespace {

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

class Contract : public ::testing::TestWithParam<Case> {};

TEST_P(Contract, IsKept) {
  const auto& [plugin, check] = GetParam();
  const conformance::Subject subject(*plugin, plugins(),
                                     std::filesystem::path(UMM_SOURCE_DIR) / "experiments" / "tiny");
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
