// Stages of one run against runs that hand a checkpoint on by hand.
#include <gmock/gmock.h>

#include "sweep.h"

namespace umm::testing {
namespace {

class ChainTest : public SweepTest {
 protected:
  // The small sweep without its axis and reference: one run, of what `rest` says.
  std::string one_run(const std::string& output, const std::string& base, const std::string& rest) const {
    std::string spec = small_spec("updates = 6");
    const auto cut = [&](const std::string& from, const std::string& to) {
      const size_t begin = spec.find(from);
      spec.erase(begin, spec.find(to, begin) - begin);
    };
    cut("[[axis]]", "[eval.geneval]");
    const auto replace = [&](const std::string& from, const std::string& to) {
      spec.replace(spec.find(from), from.size(), to);
    };
    replace("output = \"out\"", "output = \"" + output + "\"");
    // A flow that nobody reads is a mistake.
    if (rest.find("reca") == std::string::npos) cut("[base.data.recon]", "[base.data.t2i]");
    if (rest.find("sft") == std::string::npos) cut("[base.data.t2i]", "[base.data.i2t]");
    if (!base.empty()) replace("use = \"showo\"\n", "use = \"showo\"\nbase = \"" + base + "\"\n");
    return spec + rest;
  }

  // By name: the files of the weights that a stage ended with.
  std::map<std::string, std::string> final_weights(const std::string& output,
                                                   const std::string& stage) const {
    const Finished identity = run_command(
        "sqlite3 " + output + "/results.sqlite \"SELECT identity FROM stage WHERE name = '" + stage + "'\"");
    const fs::path folder = folder_ / output / "stages" / identity.out.substr(0, 16) / "last";
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".safetensors")
        files[entry.path().filename().string()] = read_text(entry.path());
    return files;
  }
};

TEST_F(ChainTest, ChainEndsWithTheBitsOfTwoRuns) {
  const std::string sft = "[[stage]]\nname = \"sft\"\nmethod = { use = \"sft\" }\n";
  const std::string reca = "[[stage]]\nname = \"reca\"\nmethod = { use = \"reca\" }\n";
  write("chain.toml", one_run("chain", "", sft + reca));
  write("first.toml", one_run("first", "", sft));
  write("second.toml", one_run("second", "exported", reca));
  for (const char* command :
       {"run chain.toml", "run first.toml", "export first.toml exported", "run second.toml"}) {
    const Finished finished = run(command);
    ASSERT_EQ(finished.exit_code, 0) << command << ": " << finished.err;
  }
  size_t bytes = 0;
  for (const auto& [name, content] : final_weights("chain", "reca")) bytes += content.size();
  ASSERT_GT(bytes, 100'000u);
  EXPECT_TRUE(final_weights("chain", "sft") == final_weights("first", "sft"));
  EXPECT_TRUE(final_weights("chain", "reca") == final_weights("second", "reca"));
  // The chain's cost covers both stages.
  EXPECT_EQ(run_command("sqlite3 chain/results.sqlite \"SELECT images_seen FROM runs\"").out, "48\n");
}

TEST_F(ChainTest, ChainsShareTheirFirstStage) {
  std::string spec = one_run("out", "", R"([[stage]]
name = "sft"
method = { use = "sft" }
[[stage]]
name = "second"
[[axis]]
name = "second"
key = "stage.second.method.use"
values = ["sft", "reca"]
)");
  write("shared.toml", spec);
  const Finished finished = run("run shared.toml --parallel 2");
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(finished.out, ::testing::HasSubstr("3 stages trained"));
}

}  // namespace
}  // namespace umm::testing
