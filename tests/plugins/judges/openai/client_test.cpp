#include "client.h"

#include <thread>

#include "running_server.h"
#include "umm/error.h"
#include "umm/stop.h"

namespace umm::openai {
namespace {

using ::testing::HasSubstr;
using OpenAiClient = WithServer;

TEST_F(OpenAiClient, AReplyAndAllThatIsToldOfIt) {
  const auto judge = client(connection());
  const JudgeReply reply = judge->ask(scripted(7));
  EXPECT_EQ(reply.status, ReplyStatus::answered);
  EXPECT_EQ(reply.text, "score of 7");
  EXPECT_EQ(reply.error, "");
  EXPECT_EQ(reply.model, "fake-2026-01-31");
  EXPECT_EQ(reply.fingerprint, "fp_1");
  EXPECT_EQ(reply.finish_reason, "stop");
  EXPECT_EQ(reply.tokens_in, 100);
  EXPECT_EQ(reply.tokens_out, 10);
  EXPECT_EQ(reply.http_status, 200);
  EXPECT_EQ(reply.request_hash, make_request({.model = "m"}, scripted(7)).hash);
  EXPECT_EQ(reply.date.size(), 10u);
}

TEST_F(OpenAiClient, WhatPassesIsTriedAgain) {
  const auto judge = client(connection());
  int id = 0;
  for (const char* trouble : {"429", "429_after_1", "500", "502", "cut", "cut_at_once", "slow", "wrong_json",
                              "no_choices", "odd_types", "html"}) {
    const JudgeReply reply = judge->ask(scripted(++id, {trouble}));
    EXPECT_EQ(reply.status, ReplyStatus::answered) << trouble << ": " << reply.error;
    EXPECT_EQ(reply.text, "score of " + std::to_string(id)) << trouble;
  }
  EXPECT_EQ(server_.counts().asked, 2 * id);
}

TEST_F(OpenAiClient, WhatDoesNotPassFailsAndIsAskedAgainLater) {
  Patience patience = impatience();
  patience.tries = 3;
  const auto judge = client(connection(), patience);
  const JudgeReply reply = judge->ask(scripted(1, {"500", "429", "html"}));
  EXPECT_EQ(reply.status, ReplyStatus::failed);
  EXPECT_THAT(reply.error, HasSubstr("after 3 tries: expected a chat completion, found <html>Welcome"));
  EXPECT_EQ(server_.counts().asked, 3);
  EXPECT_EQ(judge->ask(scripted(1, {"500", "429", "html"})).status, ReplyStatus::answered);
}

TEST_F(OpenAiClient, RefusalsAreRepliesAndAreKept) {
  const auto judge = client(connection());
  int id = 0;
  for (const char* refusal : {"filter", "refusal", "400_filter"}) {
    const auto request = scripted(++id, {refusal});
    EXPECT_EQ(judge->ask(request).status, ReplyStatus::refused) << refusal;
    const JudgeReply again = judge->ask(request);
    EXPECT_EQ(again.status, ReplyStatus::refused) << refusal;
    EXPECT_NE(again.error, "");
  }
  EXPECT_EQ(server_.counts().asked, id);
}

TEST_F(OpenAiClient, OddRepliesAreAnswers) {
  const auto judge = client(connection());
  EXPECT_EQ(judge->ask(scripted(1, {"empty"})).text, "");
  EXPECT_EQ(judge->ask(scripted(2, {"null"})).status, ReplyStatus::answered);
  EXPECT_EQ(judge->ask(scripted(3, {"parts"})).text, "score of 3");
  const JudgeReply half = judge->ask(scripted(4, {"length"}));
  EXPECT_EQ(half.status, ReplyStatus::answered);
  EXPECT_EQ(half.finish_reason, "length");
}

TEST_F(OpenAiClient, WhatWouldOnlyRepeatItselfIsAskedOnce) {
  const auto judge = client(connection());
  const JudgeReply huge = judge->ask(scripted(1, {"huge"}));
  EXPECT_EQ(huge.status, ReplyStatus::failed);
  EXPECT_THAT(huge.error, HasSubstr("longer than 8388608 bytes"));
  const JudgeReply unfit = judge->ask(scripted(2, {"400"}));
  EXPECT_EQ(unfit.status, ReplyStatus::failed);
  EXPECT_EQ(unfit.error, "HTTP status 400: the picture is too large");
  EXPECT_EQ(server_.counts().asked, 2);
}

TEST_F(OpenAiClient, EqualRequestsAreSentOnceAndAttemptsEach) {
  const auto judge = client(connection());
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] { EXPECT_EQ(judge->ask(scripted(1, {}, 50)).text, "score of 1"); });
  }
  EXPECT_EQ(server_.counts().asked, 1);
  JudgeRequest again = scripted(1, {}, 50);
  again.attempt = 1;
  EXPECT_EQ(judge->ask(again).text, "score of 1");
  EXPECT_EQ(server_.counts().asked, 2);
}

TEST_F(OpenAiClient, AzureTakesTheKeyInAHeaderOfItsOwn) {
  auto azure = connection();
  azure.url = "http://127.0.0.1:" + server_.port() + "/openai/deployments/judge/?api-version=2024-10-21";
  EXPECT_EQ(client(azure)->ask(scripted(1)).text, "score of 1");
}

TEST_F(OpenAiClient, OfDearRequestsOneAloneIsPaid) {
  auto limited = connection();
  limited.max_tokens = 10000;
  const auto judge = client(limited);
  std::atomic<int> answered = 0;
  {
    std::vector<std::jthread> threads;
    for (int id = 0; id < 4; ++id)
      threads.emplace_back([&, id] {
        try {
          answered += judge->ask(scripted(id, {"dear"}, 50)).status == ReplyStatus::answered;
        } catch (const InputError&) {
        }
      });
  }
  EXPECT_EQ(answered, 1);
  EXPECT_EQ(server_.counts().asked, 1) << "which took 25 501 tokens";
}

TEST_F(OpenAiClient, TheBudgetEndsBeforeItIsPassed) {
  auto limited = connection();
  limited.max_tokens = 10000;  // a picture is expected to take 2 500 tokens, and takes 110
  const auto judge = client(limited);
  int id = 0;
  std::string problem;
  while (problem.empty() && id < 200) try {
      judge->ask(scripted(id++));
    } catch (const InputError& error) {
      problem = error.what();
    }
  EXPECT_THAT(problem, HasSubstr("resources.judge.max_tokens = 10000"));
  EXPECT_THAT(problem, HasSubstr("Replies so far are kept"));
  EXPECT_THAT(problem, HasSubstr("what is started again may spend as much once more"));
  const int asked = server_.counts().asked;
  EXPECT_GT(asked, 60);
  EXPECT_LE(asked * 110, 10000);
  EXPECT_EQ(client(limited)->ask(scripted(0)).text, "score of 0");
  EXPECT_EQ(server_.counts().asked, asked) << "what is kept costs nothing";
}

TEST_F(OpenAiClient, TheRateIsKept) {
  auto limited = connection();
  limited.requests_per_minute = 1200;  // each 50 ms
  const auto judge = client(limited);
  const auto start = Clock::now();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 10; ++i) threads.emplace_back([&, i] { judge->ask(scripted(i)); });
  }
  EXPECT_GE(Clock::now() - start, seconds(0.45));
}

// Seconds where it would wait minutes: in a back-off, for a turn, for a reply.
TEST_F(OpenAiClient, AStopEndsAllWaits) {
  Patience patience = impatience();
  patience.base_seconds = patience.cap_seconds = patience.request_seconds = 1e3;
  patience.seconds_per_second = 1;
  for (const char* trouble : {"500", "429_after_100", "slow"}) {
    const auto judge = client(connection(), patience);
    const auto start = Clock::now();
    const std::jthread stopper([] {
      std::this_thread::sleep_for(seconds(0.3));
      request_stop();
    });
    EXPECT_THROW(judge->ask(scripted(1, {trouble, trouble, trouble, trouble})), Error) << trouble;
    EXPECT_LT(Clock::now() - start, seconds(5)) << trouble;
    request_stop(false);
  }
}

}  // namespace
}  // namespace umm::openai
