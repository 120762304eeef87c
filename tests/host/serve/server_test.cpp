#include "serve/server.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "tests/host/serve/client.h"
#include "tests/host/serve/served.h"
#include "umm/error.h"

namespace umm {
namespace {

using std::chrono::milliseconds;

// Below the patience of a client, for which a server without limits would wait.
constexpr std::chrono::seconds kHang{15};

TEST_F(Served, TheReportAndHowThingsStand) {
  start();
  const Answer page = get(port(), "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("data-status=\"/status/small\""), std::string::npos);
  EXPECT_NE(page.body.find("connect-src 'self'"), std::string::npos);
  EXPECT_NE(page.body.find("loss is not finite"), std::string::npos);
  for (const char* header :
       {"X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "frame-ancestors 'none'",
        "Referrer-Policy: no-referrer", "Cache-Control: no-store"})
    EXPECT_NE(page.head.find(header), std::string::npos) << header;
  EXPECT_EQ(get(port(), "/sweep/small").body, page.body);
  const auto status = nlohmann::json::parse(get(port(), "/status/small").body);
  EXPECT_EQ(status.at("runs").size(), 5u);
  EXPECT_EQ(status.at("runs")[0].at("state"), "queued");
  EXPECT_NE(page.body.find("data-version=\"" + status.at("version").get<std::string>() + "\""),
            std::string::npos);
  const Answer picture = get(port(), "/files/images/a/0.png");
  EXPECT_EQ(picture.body, "picture");
  EXPECT_NE(picture.head.find("sandbox"), std::string::npos);
  const Answer head = ask(port(), "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
}

TEST_F(Served, NewResultsMakeANewPage) {
  start();
  const auto version = [&] {
    return nlohmann::json::parse(get(port(), "/status/small").body).at("version").get<std::string>();
  };
  const std::string before = version();
  {
    results::Store store = results::Store::open(results::database_file(output_).string());
    store.fail_run(results::small_run("sft", 1).identity, "the disk is <full>");
  }
  for (int i = 0; i < 400 && version() == before; ++i) std::this_thread::sleep_for(milliseconds(25));
  EXPECT_NE(version(), before);
  EXPECT_NE(get(port(), "/").body.find("the disk is &lt;full&gt;"), std::string::npos);
}

TEST_F(Served, SeveralSweepsAreListed) {
  put_sweep("a <b>");
  start();
  for (int i = 0; i < 400 && pages_->sweeps().size() < 2; ++i) std::this_thread::sleep_for(milliseconds(25));
  const Answer list = get(port(), "/");
  EXPECT_NE(list.body.find("<a href=\"/sweep/a%20%3Cb%3E\">a &lt;b&gt;</a>"), std::string::npos) << list.body;
  EXPECT_EQ(get(port(), "/sweep/a%20%3Cb%3E").status, 200);
}

TEST_F(Served, HostilePaths) {
  start();
  for (const char* target : {"/files/../secret.png",
                             "/files/images/../../secret.png",
                             "/files/images/%2e%2e/%2e%2e/secret.png",
                             "/files/%2e%2e%2fsecret.png",
                             "/files/images/..%2f..%2fsecret.png",
                             "/files/images/%252e%252e/secret.png",
                             "/files//etc/passwd",
                             "/files/%2fetc%2fpasswd",
                             "//etc/passwd",
                             "/files/images//etc/hosts.png",
                             "/files/images/up/secret.png",
                             "/files/images/link.png",
                             "/files/images/a/0.png%00",
                             "/files/images%00/a.png",
                             "/files/images/a/0.png%00.png",
                             "/files/images/a",
                             "/files/images/a/",
                             "/files/results.sqlite",
                             "/files/sweeps/small.json",
                             "/files/images/..%5c..%5csecret.png",
                             "/files/images/%c0%ae%c0%ae/secret.png",
                             "/files/images/a/0.png/",
                             "/sweep/../small",
                             "/sweep/none",
                             "/status/none",
                             "/none",
                             "/files/",
                             "/files/images/./a/0.png",
                             "/%",
                             "/files/images/%zz.png",
                             "http://localhost/files/secret.png",
                             "*"}) {
    const Answer answer = get(port(), target);
    EXPECT_TRUE(answer.status == 404 || answer.status == 400) << target << ": " << answer.status;
    EXPECT_EQ(answer.body.find("secret"), std::string::npos) << target;
    EXPECT_EQ(answer.body.find("root:"), std::string::npos) << target;
  }
  EXPECT_EQ(get(port(), "/").status, 200);
}

TEST_F(Served, OnlyReading) {
  start();
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE", "PRI"}) {
    const Answer answer = ask(port(), std::string(method) +
                                          " / HTTP/1.1\r\nHost: localhost\r\n"
                                          "Content-Length: 4\r\n\r\nabcd");
    EXPECT_TRUE(answer.status == 405 || answer.status == 400) << method << ": " << answer.status;
  }
  EXPECT_NE(ask(port(), "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200);
}

TEST_F(Served, AnotherNameForThisMachineIsRefused) {
  start();
  for (const char* host :
       {"Host: evil.example\r\n", "", "Host: localhost\r\nHost: evil.example\r\n", "Host: \r\n"})
    EXPECT_EQ(ask(port(), std::string("GET / HTTP/1.1\r\n") + host + "\r\n").status, 403) << host;
}

TEST_F(Served, ATokenWhereOthersReachIt) {
  start("0123456789abcdef");
  for (const char* target : {"/", "/?token=", "/?token=0123456789abcdee", "/status/small",
                             "/files/images/a/0.png", "/none", "/?token=0123456789abcdef0"})
    EXPECT_EQ(get(port(), target).status, 401) << target;
  const Answer entered = get(port(), "/?token=0123456789abcdef");
  EXPECT_EQ(entered.status, 303);
  EXPECT_NE(
      entered.head.find("Set-Cookie: ummbench_token=0123456789abcdef; HttpOnly; SameSite=Strict; Path=/"),
      std::string::npos);
  EXPECT_EQ(get(port(), "/", "Cookie: ummbench_token=0123456789abcdef\r\n").status, 200);
  EXPECT_EQ(get(port(), "/", "Cookie: ummbench_token=0123456789abcdee\r\n").status, 401);
}

TEST_F(Served, TooMuchIsRefused) {
  start();
  EXPECT_NE(get(port(), "/" + std::string(100'000, 'a')).status, 200);
  EXPECT_NE(get(port(), "/", "X: " + std::string(100'000, 'a') + "\r\n").status, 200);
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "X-" + std::to_string(i) + ": a\r\n";
  EXPECT_NE(get(port(), "/", many).status, 200);
  EXPECT_NE(ask(port(), std::string(1'000'000, '\0')).status, 200);
  EXPECT_NE(ask(port(), "\r\n\r\n").status, 200);
  EXPECT_NE(ask(port(), "GET / HTTP/9.9\r\n\r\n").status, 200);
  EXPECT_EQ(get(port(), "/").status, 200);
}

TEST_F(Served, RangesAreNotAnswered) {
  start();
  const size_t whole = get(port(), "/").body.size();
  std::string ranges = "Range: bytes=0-";
  for (int i = 0; i < 900; ++i) ranges += ",0-";
  for (const std::string& range : {ranges, std::string("Range: bytes=0-9")}) {
    const Answer answer = get(port(), "/", range + "\r\n");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body.size(), whole);
    EXPECT_EQ(answer.head.find("Content-Range"), std::string::npos);
  }
}

TEST_F(Served, ClientsThatStopHoldNobodyUp) {
  start();
  std::vector<std::thread> clients;
  for (int i = 0; i < 40; ++i) clients.emplace_back([port = port()] { ask(port, "GET / HT"); });
  std::this_thread::sleep_for(milliseconds(300));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(get(port(), "/").status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - before, kHang);
  for (auto& client : clients) client.join();
}

TEST_F(Served, ItStopsWhileClientsHang) {
  start();
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back([this, port = port()] {
      try {
        ask(port, "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(20, 'a'), milliseconds(100));
      } catch (const std::exception&) {
      }
    });
  std::this_thread::sleep_for(milliseconds(300));
  const auto before = std::chrono::steady_clock::now();
  server_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - before, kHang);
  for (auto& client : clients) client.join();
}

TEST_F(Served, APortThatIsTakenIsSaid) {
  start();
  EXPECT_THROW(PageServer(*pages_, output_, ServerOptions{"127.0.0.1", port(), ""}), InputError);
  EXPECT_THROW(PageServer(*pages_, output_, ServerOptions{"203.0.113.7", 0, ""}), InputError);
}

}  // namespace
}  // namespace umm
