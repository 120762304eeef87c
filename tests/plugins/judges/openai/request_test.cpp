#include "request.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "umm/error.h"
#include "umm/sha256.h"

namespace umm::openai {
namespace {

using Json = nlohmann::json;

const JudgeRequest kAsked{
    .system = "Be strict.",
    .parts = {{.text = "How \"good\"?"}, {.media_type = "image/jpeg", .bytes = "\xff\xd8g"}}};

Settings settings(const std::map<std::string, OptionValue>& values) {
  OptionSchema schema;
  Settings::declare(schema);
  return Settings::from(Options(schema, values));
}

TEST(JudgeRequest, WhatIsSent) {
  const Request request = make_request(settings({{"model", "m"}}), kAsked);
  EXPECT_EQ(Json::parse(request.body), Json::parse(R"({"model": "m", "messages": [
    {"role": "system", "content": "Be strict."},
    {"role": "user", "content": [
      {"type": "text", "text": "How \"good\"?"},
      {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,/9hn"}}]}]})"));
  EXPECT_EQ(request.hash, sha256(request.body));
}

TEST(JudgeRequest, SettingsAreSentWhereTheyAreSet) {
  const Settings all = settings({{"model", "m"},
                                 {"temperature", 0.0},
                                 {"max_tokens", int64_t{500}},
                                 {"image_detail", "high"},
                                 {"extra", R"({"chat_template_kwargs": {"enable_thinking": false}})"}});
  const Json body = Json::parse(make_request(all, kAsked).body);
  EXPECT_EQ(body.at("temperature"), 0.0);
  EXPECT_EQ(body.at("max_tokens"), 500);
  EXPECT_EQ(body.at("messages")[1]["content"][1]["image_url"]["detail"], "high");
  EXPECT_EQ(body.at("chat_template_kwargs")["enable_thinking"], false);
  EXPECT_EQ(all.text(),
            "model=m temperature=0 max_tokens=500 image_detail=high "
            "extra={\"chat_template_kwargs\":{\"enable_thinking\":false}}");
}

TEST(JudgeRequest, TheHashKnowsAllThatCanChangeAReply) {
  std::set<std::string> hashes;
  const auto add = [&](const std::map<std::string, OptionValue>& values, const JudgeRequest& asked) {
    EXPECT_TRUE(hashes.insert(make_request(settings(values), asked).hash).second);
  };
  add({{"model", "m"}}, kAsked);
  add({{"model", "n"}}, kAsked);
  add({{"model", "m"}, {"temperature", 0.0}}, kAsked);
  add({{"model", "m"}, {"max_tokens", int64_t{9}}}, kAsked);
  add({{"model", "m"}, {"image_detail", "low"}}, kAsked);
  add({{"model", "m"}, {"extra", R"({"seed": 1})"}}, kAsked);
  JudgeRequest other = kAsked;
  other.parts[1].bytes += "x";
  add({{"model", "m"}}, other);
  other = kAsked;
  std::swap(other.parts[0], other.parts[1]);
  add({{"model", "m"}}, other);
  // Not how `extra` is written, nor the attempt, which replies are kept by besides.
  other = kAsked;
  other.attempt = 3;
  EXPECT_TRUE(
      hashes.contains(make_request(settings({{"model", "m"}, {"extra", R"( { "seed" :1 } )"}}), other).hash));
}

// Of a request that anybody may repeat by hand: the digest is that of OpenSSL's command line.
TEST(JudgeRequest, GoldenHash) {
  const Request request = make_request({.model = "m"}, {.parts = {{.text = "Hi"}}});
  EXPECT_EQ(request.body,
            R"({"messages":[{"content":[{"text":"Hi","type":"text"}],"role":"user"}],"model":"m"})");
  EXPECT_EQ(request.hash, "5d96b5d10fb08b7f520257623db0fc6b32f977642fa9aa618ca939a144089bb5");
}

TEST(JudgeRequest, UnfitSettings) {
  for (const char* extra : {"[]", "{", "7", R"({"model": "x"})", R"({"messages": []})", R"({"stream": true})",
                            R"({"n": 2})", R"({"temperature": 1})"})
    EXPECT_THROW(settings({{"extra", extra}}), InputError) << extra;
  EXPECT_THROW(settings({{"temperature", -0.5}}), InputError);
  EXPECT_THROW(make_request({.model = "m"}, {.parts = {{.text = "\xff"}}}), InputError);
}

TEST(JudgeRequest, WhatItIsExpectedToTake) {
  const auto expected = [](const std::map<std::string, OptionValue>& values) {
    return make_request(settings(values), kAsked).expected;
  };
  EXPECT_GT(expected({}).in, 1500);
  EXPECT_EQ(expected({{"max_tokens", int64_t{7}}}).out, 7);
  EXPECT_EQ(expected({{"extra", R"({"max_completion_tokens": 70})"}}).out, 70);
  EXPECT_EQ(expected({}).out, 1000);
}

}  // namespace
}  // namespace umm::openai
