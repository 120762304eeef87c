// Architectures of different families run under the same methods and scorers, from one spec.
#include "program.h"

namespace umm::testing {
namespace {

class FamiliesTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    fs::copy(fs::path(UMM_SOURCE_DIR "/experiments/tiny"), folder_ / "tiny", fs::copy_options::recursive);
  }

  // A sweep of seconds.
  static inline const std::string kSmall =
      "--set train.updates=1 --set train.warmup=0 --set data.t2i.batch=4 --set data.i2t.batch=4 --set "
      "data.recon.batch=4 --set eval.geneval.images_per_prompt=1 --set "
      "eval.geneval.prompt_options.prompts_per_tag=1 --set resources.threads=1";
};

TEST_F(FamiliesTest, OneTableForShowoAndHarmon) {
  const Finished run_all = run("run tiny/two_families.toml " + kSmall);
  ASSERT_EQ(run_all.exit_code, 0) << run_all.err;
  const Finished table = run("table runs/tiny_two_families/results.sqlite --format csv");
  ASSERT_EQ(table.exit_code, 0) << table.err;
  for (const char* row :
       {"base, showo", "base, harmon", "showo, sft", "showo, reca", "harmon, sft", "harmon, reca"})
    EXPECT_NE(table.out.find(row), std::string::npos) << row << "\n" << table.out;
  const Finished again = run("plan tiny/two_families.toml " + kSmall);
  EXPECT_NE(again.out.find("0 stages to train, 12 finished"), std::string::npos) << again.out;
}

}  // namespace
}  // namespace umm::testing
