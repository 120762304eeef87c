// Where asking on is no use.
#include <cstdlib>
#include <thread>

#include "running_server.h"
#include "umm/error.h"

namespace umm::openai {
namespace {

using ::testing::HasSubstr;
using OpenAiHopeless = WithServer;

TEST_F(OpenAiHopeless, WhatNoRequestWouldPass) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"403_key", "HTTP status 403: no access for Bearer ***"},
      {"404", "The model `m` does not exist; look at resources.judge.url and at the judge's option `model`"},
      {"quota", "nothing left to pay with"},
      {"402", "HTTP status 402: Insufficient credits; the account has nothing left to pay with"},
      {"redirect", "which is not followed, as the key would go along"},
      {"429_after_86400", "the server asks to wait 86400 seconds: start again then"}};
  int id = 0;
  for (const auto& [trouble, message] : cases) {
    const auto judge = client(connection());
    const std::string refused = refusal(*judge, scripted(++id, {trouble}));
    EXPECT_THAT(refused, HasSubstr(message));
    EXPECT_THAT(refused, HasSubstr("judge openai: http://127.0.0.1:"));
    EXPECT_EQ(refusal(*judge, scripted(100 + id)), refused) << "nothing is sent from then on";
  }
  EXPECT_EQ(server_.counts().asked, id);
  EXPECT_EQ(server_.counts().visits_to_thief, 0);
}

TEST_F(OpenAiHopeless, AWrongKey) {
  auto wrong = connection();
  wrong.key = "sk-another-one-0123456789";
  const std::string refused = refusal(*client(wrong), scripted(1));
  EXPECT_THAT(refused, HasSubstr("401: the server does not know the key"));
  EXPECT_EQ(refused.find("another"), std::string::npos);
  wrong.key = "sk-two\nlines-0123456789";
  try {
    client(wrong);
    ADD_FAILURE();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("printable ASCII"));
    EXPECT_EQ(std::string(error.what()).find("two"), std::string::npos);
  }
}

TEST_F(OpenAiHopeless, AServerThatIsNotThere) {
  auto nowhere = connection();
  Patience patience = impatience();
  patience.tries = 2;
  nowhere.url = "http://127.0.0.1:1/v1";
  EXPECT_THAT(refusal(*client(nowhere, patience), scripted(1)), HasSubstr("the server is not reached"));
  nowhere.url = "https://" + nowhere.url.substr(7);
  EXPECT_THAT(refusal(*client(nowhere, patience), scripted(1)), HasSubstr("the server is not reached"));
  nowhere.url = "http://no-such-host.invalid/v1";
  EXPECT_THAT(refusal(*client(nowhere, patience), scripted(1)), HasSubstr("the server is not reached"));
  nowhere.url = "";
  EXPECT_THAT(refusal(*client(nowhere, patience), scripted(1)), HasSubstr("set resources.judge.url"));
}

TEST_F(OpenAiHopeless, WhatIsLackingIsToldBeforeAnythingIsAsked) {
  const auto problem = [](const Settings& settings, const std::string& url) -> std::string {
    try {
      expect_askable(settings, {.url = url});
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(problem({.model = "m"}, server_.url()), "");
  EXPECT_THAT(problem({}, server_.url()), HasSubstr("expected the option `model`"));
  EXPECT_THAT(problem({.model = "m"}, ""), HasSubstr("set resources.judge.url"));
  EXPECT_THAT(problem({.model = "m"}, "not a url"), HasSubstr("found what is no URL"));
  EXPECT_EQ(server_.counts().asked, 0);
}

TEST_F(OpenAiHopeless, PlainSpeechToOneThatEncrypts) {
  RunningServer tls((folder_ / "certificate.pem").string());
  auto plain = connection();
  plain.url = "http://127.0.0.1:" + tls.port() + "/v1";
  Patience patience = impatience();
  patience.tries = 2;
  EXPECT_EQ(client(plain, patience)->ask(scripted(1)).status, ReplyStatus::failed);
}

TEST_F(OpenAiHopeless, ACertificateThatNobodyVouchesFor) {
  const std::string file = (folder_ / "certificate.pem").string();
  RunningServer tls(file);
  auto secure = connection();
  secure.url = tls.url();
  EXPECT_THAT(refusal(*client(secure), scripted(1)), HasSubstr("the server's certificate is not trusted"));
  EXPECT_EQ(tls.counts().asked, 0);
  const char* before = std::getenv("SSL_CERT_FILE");
  const std::string known = before != nullptr ? before : "";
  setenv("SSL_CERT_FILE", file.c_str(), 1);
  const auto judge = client(secure);
  for (int id = 1; id < 20; ++id)
    EXPECT_EQ(judge->ask(scripted(id, {"cut", "cut_at_once"})).text, "score of " + std::to_string(id));
  secure.url = "https://localhost:" + tls.port() + "/v1";  // the certificate is one of 127.0.0.1
  EXPECT_THAT(refusal(*client(secure), scripted(2)), HasSubstr("the server's certificate is not trusted"));
  setenv("SSL_CERT_FILE", known.c_str(), 1);  // "" counts as none
}

TEST_F(OpenAiHopeless, FailuresWithoutAnyReplyBetween) {
  Patience patience = impatience();
  patience.tries = 2;
  patience.failures_in_a_row = 5;
  const auto judge = client(connection(), patience);
  const auto fail = [&](int id) { return judge->ask(scripted(id, {"500", "500"})).status; };
  for (int id = 0; id < 4; ++id) EXPECT_EQ(fail(id), ReplyStatus::failed);
  EXPECT_EQ(judge->ask(scripted(10)).status, ReplyStatus::answered);
  for (int id = 20; id < 24; ++id) EXPECT_EQ(fail(id), ReplyStatus::failed);
  EXPECT_THAT(refusal(*judge, scripted(24, {"500", "500"})), HasSubstr("5 requests in a row had no reply"));
}

TEST_F(OpenAiHopeless, OneThatFindsOutEndsTheOthersWait) {
  Patience patience = impatience();
  patience.base_seconds = patience.cap_seconds = 1e4;
  const auto judge = client(connection(), patience);
  const auto start = Clock::now();
  std::jthread waits([&] {
    EXPECT_THAT(refusal(*judge, scripted(1, {"500", "500", "500", "500"})), HasSubstr("HTTP status 404"));
  });
  std::this_thread::sleep_for(seconds(0.3));
  refusal(*judge, scripted(2, {"404"}));
  waits.join();
  EXPECT_LT(Clock::now() - start, seconds(5));
}

TEST_F(OpenAiHopeless, AFolderThatCannotBeWritten) {
  auto full = connection();
  full.folder = "/proc/self";
  const auto judge = client(full);
  EXPECT_THROW(judge->ask(scripted(1)), Error);
  EXPECT_THROW(judge->ask(scripted(2)), Error);
  EXPECT_EQ(server_.counts().asked, 1) << "replies that cannot be kept are not bought";
}

}  // namespace
}  // namespace umm::openai
