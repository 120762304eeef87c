// Each plugin of broken/ is refused for its own fault, in words that name it, and hurts nobody.
#include <cstdlib>

#include "foreign_library.h"
#include "loader/catalogue.h"
#include "process/child_process.h"

namespace umm::testing {
namespace {

struct Fault {
  const char* name;
  const char* code;
  std::vector<const char*> words;  // all in the message
  bool has_run;
};

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all = {
      {"debug_containers", "P006", {"needs   debug_containers on", "host    debug_containers off"}, false},
      {"defines_libtorch", "P009", {"defines c10::GetCPUAllocator(int)"}, false},
      {"links_libtorch", "P009", {"links   libtorch_another.so"}, false},
      {"misses_library", "P010", {"reason  libnowhere.so: cannot open shared object file"}, false},
      {"misses_symbol", "P010", {"misses  umm::nn::nobody_defines_this(int)", "libumm_common.so"}, false},
      {"no_entry", "P003", {"umm_plugin_entry_v1", "UMM_PLUGIN"}, false},
      {"other_layout", "P003", {"another layout"}, true},
      {"other_sizes", "P006", {"needs   sizeof(Tensor) 16", "host    sizeof(Tensor) 8"}, true},
      {"registers_twice", "P011", {"dataset twin", "the same library"}, true},
      {"throws", "P013", {"the licence server does not answer"}, true},
      {"throws_number", "P013", {"no std::exception"}, true},
      {"two_identities", "P014", {"section and symbol"}, true}};
  return all;
}

using BrokenPluginsTest = PluginFolder;

TEST_F(BrokenPluginsTest, EachIsRefusedForItsFaultInOnePass) {
  const Catalogue catalogue = Catalogue::load({UMM_BINARY_DIR "/tests/broken_plugins"});
  EXPECT_TRUE(catalogue.entries().empty());
  ASSERT_EQ(catalogue.rejected().size(), faults().size());
  for (size_t i = 0; i < faults().size(); ++i) {
    const Fault& fault = faults()[i];
    const Refusal& refusal = catalogue.rejected()[i];
    const std::string text = to_text(refusal);
    EXPECT_EQ(refusal.file.filename(), std::string(fault.name) + ".umm.so");
    EXPECT_EQ(refusal.code, fault.code) << text;
    EXPECT_NE(text.find(std::string("(") + fault.name + " 1.2.3)"), std::string::npos) << text;
    for (const char* word : fault.words) EXPECT_NE(text.find(word), std::string::npos) << text;
    EXPECT_NE(text.find("\n  fix "), std::string::npos) << text;
    EXPECT_EQ(text.find("nothing from the plugin was executed") == std::string::npos, fault.has_run) << text;
  }
}

TEST_F(BrokenPluginsTest, TheSoundOnesBesideThemLoad) {
  const Catalogue catalogue =
      Catalogue::load({UMM_BINARY_DIR "/tests/broken_plugins", UMM_BINARY_DIR "/plugins"});
  EXPECT_NE(catalogue.find(PluginKind::architecture, "showo"), nullptr);
  EXPECT_EQ(catalogue.rejected().size(), faults().size());
}

// In a process of its own, which is spoiled afterwards.
TEST_F(BrokenPluginsTest, ASecondLibTorchBehindALinkedLibraryIsP009) {
  const auto load = [] {
    const Catalogue catalogue = Catalogue::load({UMM_BINARY_DIR "/tests/spoiling_plugins"});
    return catalogue.rejected().size() == 1 ? to_text(catalogue.rejected()[0]) : "accepted";
  };
  const std::string text = in_child_process(load, std::chrono::seconds(60));
  EXPECT_NE(text.find("error[P009]"), std::string::npos) << text;
  EXPECT_NE(text.find("brings  " UMM_BINARY_DIR "/tests/broken_plugins/libtorch_another.so"),
            std::string::npos)
      << text;
}

// One after the other: libraries that kill the process that opens them.
TEST_F(BrokenPluginsTest, TheDeadlyOnesAreTriedOnceInAProcessOfTheirOwn) {
  const fs::path trace = folder_ / "trace", memory = folder_ / "cache" / "plugins";
  setenv("UMM_TEST_TRACE", trace.c_str(), 1);
  const auto load = [&](bool retries) {
    Probe probe(memory, std::chrono::seconds(1));
    if (retries) probe.retry_faults();
    return Catalogue::load({UMM_BINARY_DIR "/tests/deadly_plugins"}, probe);
  };
  for (const auto& [retries, times_tried] : {std::pair(false, 1u), {false, 1u}, {true, 2u}}) {
    const Catalogue catalogue = load(retries);
    ASSERT_EQ(catalogue.rejected().size(), 2u);
    const std::string crashed = to_text(catalogue.rejected()[0]), hung = to_text(catalogue.rejected()[1]);
    EXPECT_EQ(catalogue.rejected()[0].code, "P012") << crashed;
    EXPECT_NE(crashed.find("signal 11"), std::string::npos) << crashed;
    EXPECT_NE(crashed.find("--retry"), std::string::npos) << crashed;
    EXPECT_EQ(catalogue.rejected()[1].code, "P012") << hung;
    EXPECT_NE(hung.find("not done within 1 s"), std::string::npos) << hung;
    EXPECT_EQ(bytes_of(trace).size(), times_tried);
  }
  unsetenv("UMM_TEST_TRACE");
}

}  // namespace
}  // namespace umm::testing
