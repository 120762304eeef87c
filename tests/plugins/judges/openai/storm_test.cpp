// Ten thousand requests to a server that misbehaves in every way.
#include <thread>

#include "running_server.h"

namespace umm::openai {
namespace {

using OpenAiStorm = WithServer;

constexpr int kRequests = 10000;

std::vector<std::string> script_of(int id) {
  if (id % 1000 == 1) return {"slow"};
  if (id % 500 == 2) return {"429_after_1", "429_after_2", "500"};
  switch (id % 20) {
    case 3:
      return {"429"};
    case 4:
      return {"429", "429", "429"};
    case 5:
      return {"500", "502"};
    case 6:
      return {"cut"};
    case 7:
      return {"cut_at_once", "wrong_json"};
    case 8:
      return {"html", "no_choices", "odd_types"};
    default:
      return {};
  }
}

// The number of those that were not answered as they should be.
int ask_all(Client& judge) {
  constexpr int kThreads = 24;
  std::atomic<int> next = 0, wrong = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int id = next++; id < kRequests; id = next++) {
        const JudgeReply reply = judge.ask(scripted(id, script_of(id)));
        wrong += reply.status != ReplyStatus::answered || reply.text != "score of " + std::to_string(id);
      }
    });
  }
  threads.clear();
  return wrong;
}

TEST_F(OpenAiStorm, NoneIsLostAndNonePaidTwice) {
  auto to = connection();
  to.parallel = 16;
  int expected = kRequests;
  for (int id = 0; id < kRequests; ++id) expected += static_cast<int>(script_of(id).size());
  EXPECT_EQ(ask_all(*client(to)), 0);
  const Counts first = server_.counts();
  EXPECT_EQ(first.billed.size(), static_cast<size_t>(kRequests));
  EXPECT_EQ(first.total_billed(), kRequests);
  EXPECT_EQ(first.billed_twice(), 0);
  EXPECT_EQ(first.asked, expected);
  EXPECT_LE(first.most_at_once, 16);
  EXPECT_EQ(ask_all(*client(to)), 0);
  EXPECT_EQ(server_.counts().asked, first.asked) << "stored replies are not asked for again";
}

}  // namespace
}  // namespace umm::openai
