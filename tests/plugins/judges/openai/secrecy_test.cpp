// The key is in no file, no message and no log, whatever the server does with it.
#include <cstdlib>
#include <fstream>

#include "running_server.h"

namespace umm::openai {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using OpenAiSecrecy = WithServer;

TEST_F(OpenAiSecrecy, TheKeyIsNowhere) {
  const std::string replies = (folder_ / "replies").string();
  int number = 0;
  std::string all;
  for (const char* script :
       {R"(["500_key", "500_key", "500_key"])", R"(["403_key"])", R"(["say_key"])", R"(["redirect"])",
        R"(["400_key"])", R"(["redirect_key"])", R"(["html", "cut", "429"])", "[]"}) {
    const std::string out = (folder_ / ("out" + std::to_string(++number))).string();
    const std::string command = std::string("JUDGE_KEY=") + kKey + " " UMM_BINARY_DIR "/tests/judge_asker '" +
                                server_.url() + "' '" + replies + "' 3 '" + script + "' >" + out + " 2>&1";
    static_cast<void>(std::system(command.c_str()));
  }
  // A key that the server does not know, echoed by it; and one that goes unencrypted elsewhere.
  const std::string wrong = "sk-wrong-0123456789";
  for (const std::string& url : {server_.url(), "http://localhost.invalid:" + server_.port() + "/v1"}) {
    const std::string out = (folder_ / ("out" + std::to_string(++number))).string();
    static_cast<void>(std::system(("JUDGE_KEY=" + wrong + " " UMM_BINARY_DIR "/tests/judge_asker '" + url +
                                   "' '" + replies + "' 1 '[\"ok\"]' >" + out + " 2>&1")
                                      .c_str()));
  }
  const std::string written = everything_in(folder_);
  EXPECT_THAT(written, HasSubstr("oops: header was Bearer ***"));
  EXPECT_THAT(written, HasSubstr("your key is Bearer ***"));
  EXPECT_THAT(written, HasSubstr("bad key Bearer ***"));
  EXPECT_THAT(written, HasSubstr("?key=***"));
  EXPECT_THAT(written, HasSubstr("the server does not know the key"));
  EXPECT_THAT(written, HasSubstr("is sent unencrypted"));
  EXPECT_THAT(written, Not(HasSubstr(kKey)));
  EXPECT_THAT(written, Not(HasSubstr("sk-secret")));
  EXPECT_THAT(written, Not(HasSubstr(wrong)));
  EXPECT_EQ(server_.counts().stolen, 0);
}

}  // namespace
}  // namespace umm::openai
