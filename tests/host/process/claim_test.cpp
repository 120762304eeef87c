#include "process/claim.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "tests/host/train/fakes.h"

namespace umm::testing {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file) << text;
}

// Runs `act` in a process of its own, which ends without cleaning up: its claims stay behind.
template <typename Act>
int in_process(const Act& act) {
  const pid_t child = fork();
  if (child == 0) _exit(act());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Claim, IsHeldUntilItIsGivenUp) {
  TemporaryFolder folder;
  EXPECT_FALSE(claim_holder(folder.path()));
  {
    const auto claim = Claim::try_make(folder.path());
    ASSERT_TRUE(claim);
    EXPECT_FALSE(Claim::try_make(folder.path()));
    EXPECT_EQ(claim_holder(folder.path()), ProcessOwner::of_this_process());
    EXPECT_EQ(in_process([&] { return Claim::try_make(folder.path()) ? 1 : 0; }), 0)
        << "nor by another process";
  }
  EXPECT_FALSE(claim_holder(folder.path()));
  EXPECT_TRUE(Claim::try_make(folder.path()));
}

TEST(Claim, OfADeadProcessIsTaken) {
  TemporaryFolder folder;
  ASSERT_EQ(in_process([&]() -> int {
              const auto claim = Claim::try_make(folder.path());
              _exit(claim ? 7 : 8);
            }),
            7);
  EXPECT_FALSE(claim_holder(folder.path()));
  EXPECT_TRUE(Claim::try_make(folder.path()));
}

TEST(Claim, WhoseHolderCannotBeReadIsNotTaken) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / ".claim.1");
  EXPECT_THROW(Claim::try_make(folder.path()), InputError);
  EXPECT_FALSE(fs::exists(folder.path() / ".claim.2"));
}

TEST(Claim, WaitsAndGivesUpWhenTold) {
  TemporaryFolder folder;
  const auto held = Claim::try_make(folder.path());
  int looks = 0;
  EXPECT_FALSE(Claim::make(folder.path(), [&] { return ++looks > 2; }));
  EXPECT_EQ(looks, 3);
}

// Between a slow process's look and its claim a third and a fourth came, and tidied up.
TEST(Claim, ThatComesTooLateYields) {
  TemporaryFolder folder;
  write(folder.path() / ".claim.4", ProcessOwner::of_this_process().to_text());
  EXPECT_FALSE(Claim::take(folder.path(), 3));
  EXPECT_FALSE(fs::exists(folder.path() / ".claim.3"));
  EXPECT_TRUE(claim_holder(folder.path()));
}

// A counter that is read, waited with and written loses steps unless one process at a time does so.
TEST(Claim, LetsOneProcessInAtATime) {
  TemporaryFolder folder;
  const fs::path counter = folder.path() / "counter";
  write(counter, "0");
  constexpr int kProcesses = 6, kSteps = 15;
  for (int i = 0; i < kProcesses; ++i) {
    if (fork() != 0) continue;
    for (int step = 0; step < kSteps; ++step) {
      auto claim = Claim::try_make(folder.path());
      for (; !claim; usleep(200)) {
        auto next = Claim::try_make(folder.path());
        if (next) claim.emplace(std::move(*next));
      }
      int value = 0;
      std::ifstream(counter) >> value;
      usleep(500);
      write(counter, std::to_string(value + 1));
    }
    _exit(0);
  }
  while (wait(nullptr) > 0) {
  }
  int value = 0;
  std::ifstream(counter) >> value;
  EXPECT_EQ(value, kProcesses * kSteps);
}

TEST(ProcessOwner, IsKnownByMoreThanItsNumber) {
  TemporaryFolder folder;
  const auto here = ProcessOwner::of_this_process();
  EXPECT_TRUE(is_alive(here, folder.path()));
  EXPECT_EQ(ProcessOwner::from_text(here.to_text()), here);
  auto earlier_boot = here, number_used_again = here;
  earlier_boot.boot = "another";
  ++number_used_again.start_ticks;
  EXPECT_FALSE(is_alive(earlier_boot, folder.path()));
  EXPECT_FALSE(is_alive(number_used_again, folder.path()));
  for (const char* text : {"", "host\n", "given up\n", "host\nboot\nx\n"})
    EXPECT_FALSE(is_alive(ProcessOwner::from_text(text), folder.path())) << text;
}

TEST(ProcessOwner, OfAnotherMachineLivesAsLongAsItRenewsItsLease) {
  TemporaryFolder folder;
  auto elsewhere = ProcessOwner::of_this_process();
  elsewhere.host += "-2";
  const fs::path lease = folder.path() / "lease";
  EXPECT_FALSE(is_alive(elsewhere, lease)) << "there is none";
  write(lease, "");
  EXPECT_TRUE(is_alive(elsewhere, lease));
  struct stat status {};
  stat(lease.c_str(), &status);
  const timespec times[2] = {{status.st_mtim.tv_sec - 600, 0}, {status.st_mtim.tv_sec - 600, 0}};
  utimensat(AT_FDCWD, lease.c_str(), times, 0);
  EXPECT_FALSE(is_alive(elsewhere, lease));
}

}  // namespace
}  // namespace umm::testing
