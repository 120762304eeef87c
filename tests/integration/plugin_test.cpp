// What a user sees of plugins: those that are there, and those that were refused.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "program.h"

namespace umm::testing {
namespace {

using nlohmann::json;

constexpr const char* kOwnPlugins = "export UMM_PLUGIN_PATH=plugins;";

class PluginTest : public ProgramTest {
 protected:
  // A folder `plugins` with all of this build's, in which one library is text.
  void break_library(const std::string& id) const {
    fs::create_directories(folder_ / "plugins");
    fs::copy(UMM_BINARY_DIR "/plugins", folder_ / "plugins");
    std::ofstream(folder_ / "plugins" / (id + ".umm.so")) << "no library at all";
  }
};

TEST_F(PluginTest, AForeignLibraryIsListedAndHurtsNobody) {
  break_library("broken");
  const Finished listed = run("plugin list", kOwnPlugins);
  EXPECT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_NE(listed.out.find("error[P001]"), std::string::npos) << listed.out;
  EXPECT_NE(listed.out.find("plugins/broken.umm.so"), std::string::npos) << listed.out;
  EXPECT_NE(listed.out.find("reca"), std::string::npos) << listed.out;
}

TEST_F(PluginTest, ASpecThatNeedsARefusedLibraryFailsBeforeAnythingStarts) {
  break_library("reca");
  write("a.toml", small_spec());
  const Finished planned = run("plan a.toml", kOwnPlugins);
  EXPECT_EQ(planned.exit_code, 2);
  EXPECT_NE(planned.err.find("S110"), std::string::npos) << planned.err;
  EXPECT_NE(planned.err.find("refused: reca.umm.so: P001"), std::string::npos) << planned.err;
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

TEST_F(PluginTest, ListAsJsonTellsAllOfEach) {
  break_library("broken");
  const Finished listed = run("plugin list --json", kOwnPlugins);
  ASSERT_EQ(listed.exit_code, 0) << listed.err;
  const json catalogue = json::parse(listed.out);
  const auto& plugins = catalogue.at("plugins");
  const auto reca = std::find_if(plugins.begin(), plugins.end(),
                                 [](const json& plugin) { return plugin.at("id") == "reca"; });
  ASSERT_NE(reca, plugins.end());
  EXPECT_EQ(reca->at("kind"), "method");
  EXPECT_EQ(reca->at("file"), "plugins/reca.umm.so");
  EXPECT_EQ(reca->at("sha256").get<std::string>().size(), 64u);
  EXPECT_FALSE(reca->at("needs").empty());
  const auto& option = reca->at("options").at(0);
  for (const char* key : {"name", "type", "default", "doc"}) EXPECT_TRUE(option.contains(key)) << option;
  ASSERT_EQ(catalogue.at("refused").size(), 1u);
  EXPECT_EQ(catalogue.at("refused").at(0).at("code"), "P001");
  EXPECT_EQ(catalogue.at("refused").at(0).at("has_run"), false);
}

TEST_F(PluginTest, ShowTellsTheSameInWordsAndAsJson) {
  const Finished words = run("plugin show tiny_world"), listed = run("plugin show tiny_world --json");
  ASSERT_EQ(listed.exit_code, 0) << listed.err;
  const json plugins = json::parse(listed.out);
  ASSERT_EQ(plugins.size(), 5u);  // dataset, prompts, detector, answerer, judge
  for (const json& plugin : plugins) {
    for (const char* key : {"kind", "doc", "version", "sha256"})
      EXPECT_NE(words.out.find(plugin.at(key).get<std::string>()), std::string::npos) << key;
    for (const json& option : plugin.at("options"))
      EXPECT_NE(words.out.find(option.at("name").get<std::string>()), std::string::npos) << option;
  }
}

TEST_F(PluginTest, AnUnknownIdListsThoseThereAre) {
  const Finished shown = run("plugin show absent");
  EXPECT_EQ(shown.exit_code, 2);
  EXPECT_NE(shown.err.find("reca"), std::string::npos) << shown.err;
}

}  // namespace
}  // namespace umm::testing
