// Full disks, folders that cannot be written, clocks that go backwards: each ends in a defined way, and
// nothing that was there before is lost.
#include <gmock/gmock.h>

#include "sweep.h"

namespace umm::testing {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

class AdversityTest : public SweepTest {
 protected:
  // Commands in a mount namespace of their own; skips the test where the machine gives none.
  Finished with_mounts(const std::string& commands) const {
    write("mounts.sh", "set -e; cd '" + folder_.string() + "'\n" + commands);
    return run_command("unshare -m sh mounts.sh");
  }
  bool can_mount() const { return with_mounts("mkdir -p probe; mount -t tmpfs none probe").exit_code == 0; }
};

TEST_F(AdversityTest, FullDiskStopsTheSweepAndNothingIsLost) {
  if (!can_mount()) GTEST_SKIP() << "this machine lets nobody mount a small tmpfs";
  write("small.toml", sweep_spec("updates = 12\ncheckpoint_every = 3"));
  ASSERT_EQ(run("run small.toml").exit_code, 0);
  const auto expected = results();
  const Finished program = run_command("du -sk out/frozen | cut -f1");
  const int64_t frozen_kib = std::stoll(program.out);
  fs::rename(folder_ / "out", folder_ / "whole");
  fs::create_directories(folder_ / "out");
  // From "not even the program fits" to "almost all of it fits".
  for (const int64_t more_kib : {-1000, 300, 4000, 9000, 14000}) {
    const std::string size = std::to_string(frozen_kib + more_kib) + "k";
    const Finished filled =
        with_mounts("mount -t tmpfs -o size=" + size +
                    " none out\n"
                    "export XDG_CACHE_HOME=cache\n"
                    "'" UMM_BINARY_DIR
                    "/ummbench' run small.toml >full.txt 2>&1 && exit 9 || echo $? >code.txt\n"
                    "mount -o remount,size=1g out\n"
                    "'" UMM_BINARY_DIR
                    "/ummbench' run small.toml >later.txt 2>&1\n"
                    "rm -rf kept; cp -r out kept\n");
    ASSERT_EQ(filled.exit_code, 0) << size << ": " << filled.err << read_text(folder_ / "full.txt")
                                   << read_text(folder_ / "later.txt");
    EXPECT_EQ(read_text(folder_ / "code.txt"), "1\n") << size;
    EXPECT_THAT(read_text(folder_ / "full.txt"), AnyOf(HasSubstr("No space left"), HasSubstr("disk is full")))
        << size;
    expect_equal(results("kept"), expected);
  }
}

TEST_F(AdversityTest, FolderThatCannotBeWrittenIsSaidBeforeAnythingStarts) {
  if (!can_mount()) GTEST_SKIP() << "this machine lets nobody mount a read-only tmpfs";
  write("small.toml", small_spec());
  fs::create_directories(folder_ / "out");
  const Finished refused = with_mounts(
      "mount -t tmpfs none out; mount -o remount,ro out\n"
      "export XDG_CACHE_HOME=cache\n"
      "'" UMM_BINARY_DIR "/ummbench' run small.toml >log.txt 2>&1 && exit 9 || echo $? >code.txt\n");
  ASSERT_EQ(refused.exit_code, 0) << refused.err;
  EXPECT_EQ(read_text(folder_ / "code.txt"), "1\n");
  EXPECT_THAT(read_text(folder_ / "log.txt"), HasSubstr("Read-only file system"));
  EXPECT_THAT(read_text(folder_ / "log.txt"), HasSubstr("out"));
}

TEST_F(AdversityTest, ClockThatGoesBackChangesNoResult) {
  const std::string shift = "LD_PRELOAD='" UMM_CLOCK_SHIFT "' UMM_TEST_CLOCK_SHIFT=";
  const auto seconds = [&](const std::string& before) {
    return std::stoll(run_command(before + " date +%s").out);
  };
  const int64_t earliest = seconds("") - 86400, shifted = seconds(shift + "86400"),
                latest = seconds("") - 86400;
  ASSERT_TRUE(earliest <= shifted && shifted <= latest) << "the shifted clock works";
  write("small.toml", sweep_spec("updates = 12\ncheckpoint_every = 3"));
  ASSERT_EQ(run("run small.toml").exit_code, 0);
  const auto expected = results();
  fs::remove_all(folder_ / "out");
  ASSERT_EQ(run("run small.toml --only method=sft").exit_code, 0);
  const Finished back = run("run small.toml --parallel 2", "export " + shift + "86400;");
  ASSERT_EQ(back.exit_code, 0) << back.err;
  EXPECT_THAT(back.out, HasSubstr("2 stages trained"));
  expect_equal(results(), expected);
  EXPECT_THAT(run("status out", "export " + shift + "172800;").out, HasSubstr("5 of 5 runs complete"));
}

}  // namespace
}  // namespace umm::testing
