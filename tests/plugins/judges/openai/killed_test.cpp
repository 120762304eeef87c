// A process that dies and one that goes on.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "running_server.h"

namespace umm::openai {
namespace {

using OpenAiKilled = WithServer;

constexpr int kRequests = 2000;
constexpr int kParallel = 8;  // of the asker

pid_t start_asker(const RunningServer& server, const std::filesystem::path& folder) {
  const std::string url = server.url(), count = std::to_string(kRequests);
  const pid_t process = fork();
  if (process == 0) {
    setenv("JUDGE_KEY", kKey, 1);
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    const char* program = UMM_BINARY_DIR "/tests/judge_asker";
    execl(program, program, url.c_str(), folder.c_str(), count.c_str(), "[]", nullptr);
    _exit(127);
  }
  return process;
}

TEST_F(OpenAiKilled, OnlyWhatWasOnItsWayIsPaidAgain) {
  constexpr int kKills = 3;
  for (int kill_number = 1; kill_number <= kKills; ++kill_number) {
    const pid_t asker = start_asker(server_, folder_ / "replies");
    int status = 0;
    while (server_.counts().total_billed() < kill_number * kRequests / (kKills + 1)) {
      ASSERT_EQ(waitpid(asker, &status, WNOHANG), 0) << "it ended by itself, with status " << status;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    kill(asker, SIGKILL);
    waitpid(asker, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it was done before it was killed";
  }
  int status = 0;
  waitpid(start_asker(server_, folder_ / "replies"), &status, 0);
  EXPECT_EQ(status, 0) << "all are answered";
  const Counts counts = server_.counts();
  EXPECT_EQ(counts.billed.size(), static_cast<size_t>(kRequests));
  EXPECT_LE(counts.total_billed() - kRequests, kKills * kParallel);
  RecordProperty("paid_again", counts.total_billed() - kRequests);

  waitpid(start_asker(server_, folder_ / "replies"), &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(server_.counts().asked, counts.asked);
}

}  // namespace
}  // namespace umm::openai
