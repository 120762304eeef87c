// What plugins throw ends one run, by name; the sweep goes on.
#include <gmock/gmock.h>

#include "program.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;

TEST_F(ProgramTest, APluginThatThrowsFailsItsRunAndNoOther) {
  std::string spec = small_spec("updates = 1");
  const auto replace = [&](const std::string& from, const std::string& to) {
    ASSERT_NE(spec.find(from), std::string::npos) << from;
    spec.replace(spec.find(from), from.size(), to);
  };
  replace(R"(use = "reca")", R"(use = "explosive")");
  replace(R"(key = "method.use")", R"(key = "method.throws")");
  for (const std::string flow : {"recon", "i2t"})
    replace("[base.data." + flow + "]\nuse = \"tiny_world\"\nbatch = 2\n", "");
  replace(R"(["sft", "reca"])", R"(["number", "memory", "standard", "input", "libtorch", "error"])");
  write("explosive.toml", spec);
  const Finished exploded = run("--plugins '" UMM_BINARY_DIR "/tests/explosive_plugins' run explosive.toml");
  EXPECT_EQ(exploded.exit_code, 1) << exploded.err;
  const std::string name = "method `explosive` with architecture `showo`, while computing the loss: ";
  for (const char* reason : {"something that is no std::exception", "std::bad_alloc", "a table has no row 7",
                             "this caption is no caption", "sizes 3 and 4 do not fit", "an error of its own"})
    EXPECT_THAT(exploded.err, HasSubstr(name + reason + "\n"));

  const Finished table = run("table out/results.sqlite");
  EXPECT_EQ(table.exit_code, 0) << table.err;
  EXPECT_THAT(table.out, HasSubstr("base"));
}

}  // namespace
}  // namespace umm::testing
