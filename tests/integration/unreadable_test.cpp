// Pictures that cannot be read: an error by default, counted and passed over where the spec lets them.
#include <gmock/gmock.h>

#include "program.h"
#include "session.h"

namespace umm::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class UnreadableTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    fs::copy(UMM_SOURCE_DIR "/experiments/tiny/pictures", folder_ / "pictures");
    const std::string whole = read_text(fs::directory_iterator(folder_ / "pictures")->path());
    write("pictures/cut.png", whole.substr(0, whole.size() / 2));
    write("pictures/text.jpg", "no picture at all");
  }

  // SFT on the folder's pictures, long enough to meet each of them.
  std::string spec(int max_unreadable) const {
    return R"(schema = 1
[sweep]
output = "out"
[base.architecture]
use = "showo"
vocabulary = ")" UMM_SOURCE_DIR R"(/experiments/tiny/vocabulary.txt"
[base.method]
use = "sft"
lambda_i2t = 0.0
[base.data.t2i]
use = "image_folder"
pictures = "pictures"
without_caption = "name"
image_size = 32
batch = 8
max_unreadable = )" +
           std::to_string(max_unreadable) + R"(
[base.train]
updates = 60
lr = 1e-3
checkpoint_every = 10
)";
  }
};

TEST_F(UnreadableTest, OneIsAnErrorThatNamesTheFileAndWhatToDo) {
  write("strict.toml", spec(0));
  const Finished strict = run("run strict.toml");
  EXPECT_EQ(strict.exit_code, 1);
  EXPECT_THAT(strict.err, AllOf(HasSubstr("dataset `image_folder`, while reading samples of flow t2i"),
                                HasSubstr("cannot be read"), HasSubstr("data.t2i.max_unreadable")));

  write("one.toml", spec(1));
  EXPECT_EQ(run("run one.toml").exit_code, 1) << "there are two";
}

TEST_F(UnreadableTest, TheyAreCountedAndPassedOverAlsoAfterAKill) {
  write("lenient.toml", spec(2));
  {
    // The first update meets all pictures.
    Session session(command("run lenient.toml"), folder_ / "log.txt");
    while (run_command("ls -d out/stages/*/resume-*").exit_code != 0)
      ASSERT_TRUE(session.runs_for(0.01)) << read_text(folder_ / "log.txt");
    for (const pid_t process : session.processes()) kill(process, SIGKILL);
    ASSERT_EQ(session.wait(), 128 + SIGKILL) << "it was done before it was killed";
  }
  const Finished lenient = run("run lenient.toml");
  ASSERT_EQ(lenient.exit_code, 0) << lenient.err;
  const Finished counted = run_command(
      "sqlite3 out/results.sqlite \"SELECT max(value) FROM curve WHERE name = 'unreadable/t2i'\"");
  EXPECT_EQ(counted.out, "2.0\n");
}

}  // namespace
}  // namespace umm::testing
