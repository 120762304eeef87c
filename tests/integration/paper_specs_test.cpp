// Every experiment of experiments/paper plans: how many runs it has, and how many of them wait for what is
// not here. Runs that stand in several tables are the same run.
#include <algorithm>
#include <map>
#include <vector>

#include "loader/catalogue.h"
#include "program.h"
#include "spec/read.h"

namespace umm::testing {
namespace {

const fs::path kPaper = UMM_SOURCE_DIR "/experiments/paper";

struct Expected {
  int runs = 0;     // references among them
  int waiting = 0;  // for plugins or files
};

const std::map<std::string, Expected> kExpected = {
    {"compbench_bagel", {2, 2}},
    {"compbench_harmon", {2, 2}},
    {"compbench_openuni", {2, 2}},
    {"compbench_showo", {2, 2}},
    {"f12_degraded_codes", {5, 5}},
    {"f15_dynamics", {7, 7}},
    {"recipes/bagel", {2, 2}},
    {"recipes/bagel_t2i", {2, 2}},
    {"recipes/harmon", {2, 2}},
    {"recipes/harmon_t2i", {2, 2}},
    {"recipes/openuni", {2, 2}},
    {"recipes/openuni_t2i", {2, 2}},
    {"recipes/showo_clip", {2, 2}},
    {"recipes/showo_clip_t2i", {2, 2}},
    {"recipes/showo_vq", {2, 2}},
    {"recipes/showo_vq_t2i", {2, 2}},
    {"t01_main", {4, 4}},
    {"t01_plus", {2, 2}},
    {"t02_bagel", {2, 2}},
    {"t02_harmon", {2, 2}},
    {"t02_openuni", {2, 2}},
    {"t02_showo", {2, 2}},
    {"t03_editing", {2, 2}},
    {"t04_understanding", {2, 2}},
    {"t05_sft_or_reca", {6, 6}},
    {"t06_order", {4, 4}},
    {"t07_condition", {4, 4}},
    {"t10_harmon", {4, 4}},
    {"t10_openuni", {4, 4}},
    {"t10_showo", {4, 4}},
    {"t13_data_source", {5, 5}},
    {"t14_data_size", {5, 5}},
    {"tiny/f12_degraded_codes", {5, 0}},
    {"tiny/f15_dynamics", {5, 0}},
    {"tiny/recipes/harmon", {2, 0}},
    {"tiny/recipes/showo", {2, 0}},
    {"tiny/t01_main", {3, 0}},
    {"tiny/t01_plus", {2, 0}},
    {"tiny/t02_architectures", {4, 0}},
    {"tiny/t05_sft_or_reca", {6, 0}},
    {"tiny/t06_order", {4, 0}},
    {"tiny/t07_condition", {4, 0}},
    {"tiny/t13_data_source", {4, 0}},
    {"tiny/t14_data_size", {4, 0}},
};

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const auto& [name, expected] : kExpected) names.push_back(name);
  return names;
}

class PaperTest : public ProgramTest {
 protected:
  static const Catalogue& plugins() {
    static const Catalogue catalogue = Catalogue::load({fs::path(UMM_BINARY_DIR) / "plugins"});
    return catalogue;
  }

  // A copy of experiments, without the downloads that may lie in and beside it.
  void SetUp() override {
    ProgramTest::SetUp();
    copy_experiments(UMM_SOURCE_DIR "/experiments", folder_ / "experiments");
  }

  fs::path spec(const std::string& name) const { return folder_ / "experiments/paper" / (name + ".toml"); }

  Experiment read(const std::string& name) const {
    return read_experiment(spec::read_files(spec(name).string()), {}, plugins());
  }

  // The weights that a run ends with.
  std::string trained(const std::string& name, const std::string& label) const {
    for (const RunConfig& run : read(name).runs)
      if (run.name == label) return run.stages.back().identity;
    ADD_FAILURE() << name << " has no run \"" << label << "\"";
    return "";
  }
};

class PaperSpecsTest : public PaperTest, public ::testing::WithParamInterface<std::string> {};

TEST_P(PaperSpecsTest, Plans) {
  const Expected& expected = kExpected.at(GetParam());
  const Finished plan = run("plan '" + spec(GetParam()).string() + "' --tflops 1");
  EXPECT_EQ(plan.exit_code, 0) << plan.err;

  const Experiment experiment = read(GetParam());
  EXPECT_EQ(experiment.runs.size(), size_t(expected.runs));
  int waiting = 0;
  for (const RunConfig& run : experiment.runs) waiting += run.awaits.empty() ? 0 : 1;
  EXPECT_EQ(waiting, expected.waiting);
  EXPECT_FALSE(experiment.description.empty());
  for (const std::string& warning : experiment.warnings) ADD_FAILURE() << warning;
}

INSTANTIATE_TEST_SUITE_P(Files, PaperSpecsTest, ::testing::ValuesIn(names()), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
});

TEST_F(PaperTest, CountsEveryFile) {
  for (const auto& entry : fs::recursive_directory_iterator(kPaper)) {
    // Recipes of tables are no specs.
    if (entry.path().extension() != ".toml" || entry.path().parent_path().filename() == "tables") continue;
    const std::string name = entry.path().lexically_relative(kPaper).replace_extension().string();
    EXPECT_TRUE(kExpected.contains(name)) << entry.path();
  }
}

TEST_F(PaperTest, OneRunStandsInSeveralTables) {
  const std::string harmon = trained("t02_harmon", "reca");
  EXPECT_EQ(trained("t01_main", "Harmon-1.5B, reca"), harmon);
  EXPECT_EQ(trained("t04_understanding", "reca"), harmon);
  EXPECT_EQ(trained("t05_sft_or_reca", "MidjourneyV6, reca"), harmon);
  EXPECT_EQ(trained("t10_harmon", "Harmon-1.5B"), harmon);
  EXPECT_EQ(trained("t13_data_source", "MidjourneyV6"), harmon);
  EXPECT_EQ(trained("t14_data_size", "240,000"), harmon);
  EXPECT_EQ(trained("f15_dynamics", "1250"), harmon);
  EXPECT_EQ(trained("t01_plus", "first, second"), trained("t06_order", "SFT then RecA on MidjourneyV6"));
  EXPECT_EQ(trained("t10_showo", "Show-o-512"), trained("t02_showo", "reca"));
  EXPECT_EQ(trained("t07_condition", "ViT at 224 pixels"), trained("t02_bagel", "reca"));
  EXPECT_EQ(trained("t03_editing", "reca"), trained("t02_bagel", "reca"));
}

}  // namespace
}  // namespace umm::testing
