#include "endpoint.h"

#include <gtest/gtest.h>

#include "umm/error.h"

namespace umm::openai {
namespace {

TEST(JudgeEndpoint, TheBaseIsCompleted) {
  EXPECT_EQ(endpoint_of("https://api.openai.com/v1").url, "https://api.openai.com/v1/chat/completions");
  EXPECT_EQ(endpoint_of("http://localhost:8000/v1/").url, "http://localhost:8000/v1/chat/completions");
  const Endpoint azure =
      endpoint_of("https://me.openai.azure.com/openai/deployments/judge?api-version=2024-10-21");
  EXPECT_EQ(azure.url,
            "https://me.openai.azure.com/openai/deployments/judge/chat/completions?api-version=2024-10-21");
  EXPECT_EQ(azure.shown, "https://me.openai.azure.com/openai/deployments/judge/chat/completions");
  EXPECT_TRUE(azure.is_azure);
  EXPECT_FALSE(endpoint_of("https://api.openai.com/v1").is_azure);
}

TEST(JudgeEndpoint, WhereTheKeyIsSeenByNobodyElse) {
  for (const char* url :
       {"https://node7/v1", "http://localhost/v1", "http://127.0.0.1:1/v1", "http://[::1]:80/v1"})
    EXPECT_TRUE(endpoint_of(url).is_private) << url;
  for (const char* url : {"http://node7/v1", "http://10.0.0.1/v1", "http://localhost.example/v1"})
    EXPECT_FALSE(endpoint_of(url).is_private) << url;
}

TEST(JudgeEndpoint, WhatIsNoBaseIsRefused) {
  for (const char* url : {"", "not a url", "ftp://host/v1", "file:///etc/passwd", "localhost:8000/v1",
                          "https://user:word@host/v1"})
    EXPECT_THROW(endpoint_of(url), InputError) << url;
}

}  // namespace
}  // namespace umm::openai
