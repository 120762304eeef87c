#include "launch/git_state.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace umm {
namespace {

namespace fs = std::filesystem;

class GitStateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // A name that a shell would take apart.
    folder_ = fs::temp_directory_path() / ("umm git's $(x) " + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    std::ofstream(folder_ / "spec.toml") << "schema = 1\n";
    // Whoever tests in a hook of git's has them set, to the repository of the hook.
    for (const char* variable : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"})
      unsetenv(variable);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void git(const std::string& arguments) {
    fs::path home = fs::current_path();
    fs::current_path(folder_);
    const std::string command =
        "git -c user.name=a -c user.email=a@b.c -c commit.gpgsign=false " + arguments + " >/dev/null";
    const int status = std::system(command.c_str());
    fs::current_path(home);
    ASSERT_EQ(status, 0) << command << ": git said above why not";
  }

  fs::path folder_;
};

TEST_F(GitStateTest, OutsideOfARepositoryThereIsNone) {
  EXPECT_FALSE(git_state(folder_ / "spec.toml"));
  EXPECT_FALSE(git_state(folder_ / "no/such/spec.toml"));
  EXPECT_FALSE(git_state(""));
}

TEST_F(GitStateTest, ChangesAndUnknownSpecsAreDirty) {
  if (std::system("git --version >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "git is not installed here, and the test asks it for the state of a repository";
  git("init -q .");
  EXPECT_FALSE(git_state(folder_ / "spec.toml")) << "no commit yet";
  git("add spec.toml");
  git("commit -qm one");
  if (HasFatalFailure()) return;
  const auto clean = git_state(folder_ / "spec.toml");
  ASSERT_TRUE(clean);
  EXPECT_EQ(clean->commit.size(), 40u);
  EXPECT_FALSE(clean->dirty);
  EXPECT_EQ(clean->diff, "");
  std::ofstream(folder_ / "other.toml") << "schema = 1\n";
  EXPECT_TRUE(git_state(folder_ / "other.toml")->dirty) << "git does not know it";
  EXPECT_FALSE(git_state(folder_ / "spec.toml")->dirty);
  std::ofstream(folder_ / "spec.toml") << "schema = 2\n";
  const auto changed = git_state(folder_ / "spec.toml");
  EXPECT_TRUE(changed->dirty);
  EXPECT_THAT(changed->diff, ::testing::HasSubstr("+schema = 2"));
  const auto cut = git_state(folder_ / "spec.toml", 20);
  EXPECT_THAT(cut->diff, ::testing::AllOf(::testing::HasSubstr("[cut: the whole diff has "),
                                          ::testing::SizeIs(::testing::Lt(80))));
}

}  // namespace
}  // namespace umm
