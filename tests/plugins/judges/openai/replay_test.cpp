// Replay opens no socket: this program's own socket() is the one that libcurl calls.
#include <dlfcn.h>
#include <sys/socket.h>

#include <atomic>

#include "running_server.h"
#include "umm/error.h"

namespace {

std::atomic<int> sockets = 0;

}  // namespace

extern "C" __attribute__((visibility("default"))) int socket(int domain, int type, int protocol) noexcept {
  using Socket = int (*)(int, int, int);
  static const auto real = reinterpret_cast<Socket>(dlsym(RTLD_NEXT, "socket"));
  ++sockets;
  return real(domain, type, protocol);
}

namespace umm::openai {
namespace {

using ::testing::HasSubstr;
using OpenAiReplay = WithServer;

TEST_F(OpenAiReplay, StoredRepliesWithoutNetwork) {
  const int before = sockets;
  EXPECT_EQ(client(connection())->ask(scripted(1)).text, "score of 1");
  EXPECT_GT(sockets, before) << "the count sees what libcurl opens";
  EXPECT_EQ(client(connection())->ask(scripted(2, {"refusal"})).status, ReplyStatus::refused);

  const int after = sockets;
  auto replay = connection();
  replay.replay_only = true;
  replay.url = "";
  replay.key = "";
  const auto judge = client(replay);
  const JudgeReply reply = judge->ask(scripted(1));
  EXPECT_EQ(reply.text, "score of 1");
  EXPECT_EQ(reply.model, "fake-2026-01-31");
  EXPECT_EQ(reply.tokens_out, 10);
  EXPECT_EQ(judge->ask(scripted(2, {"refusal"})).status, ReplyStatus::refused);
  const std::string missing = refusal(*judge, scripted(3));
  EXPECT_THAT(missing, HasSubstr("no reply is stored to the request " +
                                 make_request({.model = "m"}, scripted(3)).hash + ", attempt 0"));
  EXPECT_THAT(missing, HasSubstr("drop resources.judge.replay_only"));
  EXPECT_EQ(judge->ask(scripted(1)).text, "score of 1") << "what is there still replays";
  Client other({.model = "another"}, replay, std::make_shared<Ledger>());
  EXPECT_THAT(refusal(other, scripted(1)), HasSubstr("of the model another"));
  EXPECT_EQ(sockets, after);
}

}  // namespace
}  // namespace umm::openai
