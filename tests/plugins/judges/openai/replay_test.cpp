// Replay opens no socket and looks up no name: this program's own functions are those that libcurl calls.
#include <dlfcn.h>
#include <netdb.h>
#include <sys/socket.h>

#include <atomic>

#include "running_server.h"
#include "umm/error.h"

namespace {

std::atomic<int> sockets = 0;  // opened, and names looked up

}  // namespace

extern "C" __attribute__((visibility("default"))) int socket(int domain, int type, int protocol) noexcept {
  using Socket = int (*)(int, int, int);
  static const auto real = reinterpret_cast<Socket>(dlsym(RTLD_NEXT, "socket"));
  ++sockets;
  return real(domain, type, protocol);
}

extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* name, const char* service,
                                                                  const addrinfo* hints, addrinfo** found) {
  using Look = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto real = reinterpret_cast<Look>(dlsym(RTLD_NEXT, "getaddrinfo"));
  ++sockets;
  return real(name, service, hints, found);
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

TEST_F(OpenAiReplay, WhatFailedFailsAsItDid) {
  Patience patience = impatience();
  patience.tries = 2;
  const auto live = client(connection(), patience);
  const JudgeReply unfit = live->ask(scripted(1, {"400"}));
  const JudgeReply gone = live->ask(scripted(2, {"500", "500"}));

  auto replay = connection();
  replay.replay_only = true;
  const int before = sockets;
  for (const auto& [request, was] :
       {std::pair(scripted(1, {"400"}), unfit), {scripted(2, {"500", "500"}), gone}}) {
    const JudgeReply reply = client(replay)->ask(request);
    EXPECT_EQ(reply.status, ReplyStatus::failed);
    EXPECT_NE(reply.error, "");
    EXPECT_EQ(reply.error, was.error);
    EXPECT_EQ(reply.http_status, was.http_status);
  }
  EXPECT_EQ(sockets, before) << "though it has a URL";
  EXPECT_EQ(server_.counts().asked, 3);

  EXPECT_EQ(client(connection())->ask(scripted(1, {"400"})).text, "score of 1") << "asked again";
  EXPECT_EQ(client(replay)->ask(scripted(1, {"400"})).text, "score of 1") << "which counts from then on";
  EXPECT_EQ(client(replay)->ask(scripted(2, {"500", "500"})).status, ReplyStatus::failed);
}

}  // namespace
}  // namespace umm::openai
