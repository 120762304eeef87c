// What plugins throw ends one run, by name; the sweep goes on.
#include <gmock/gmock.h>

#include "program.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;

TEST_F(ProgramTest, APluginThatThrowsFailsItsRunAndNoOther) {
  write("explosive.toml", explosive_spec(R"("number", "memory", "standard", "input", "libtorch", "error")"));
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
