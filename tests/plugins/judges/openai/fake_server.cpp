// fake_judge_server KEY [CERTIFICATE]: a chat completions server on a free port of this machine, which it
// prints. What a request is answered with stands in its first words: {"id": 7, "script": ["429", "cut"]} is
// answered so the first two times, and properly from then on. /counts tells what was asked. With CERTIFICATE
// it speaks TLS, and writes its certificate there. Ends when its standard input does.
#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "fake_certificate.h"

namespace umm::testing {
namespace {

using httplib::Request;
using httplib::Response;
using Json = nlohmann::json;

constexpr const char* kJson = "application/json";

Json completion(const Json& message, const char* finish_reason) {
  const Json choice = {{"index", 0}, {"message", message}, {"finish_reason", finish_reason}};
  return {{"model", "fake-2026-01-31"},
          {"system_fingerprint", "fp_1"},
          {"choices", Json::array({choice})},
          {"usage", {{"prompt_tokens", 100}, {"completion_tokens", 10}}}};
}

std::string error(const std::string& message, const std::string& code) {
  return Json{{"error", {{"message", message}, {"type", "an_error"}, {"code", code}}}}.dump();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

class FakeServer {
 public:
  FakeServer(std::string key, int thief_port) : key_(std::move(key)), thief_port_(thief_port) {}

  void answer(const Request& request, Response& response) {
    const int now = ++at_once_;
    std::string action = "ok";
    Json asked = Json::object();
    {
      const std::lock_guard lock(mutex_);
      ++num_asked_;
      most_at_once_ = std::max(most_at_once_, now);
      const Json body = Json::parse(request.body);
      asked = Json::parse(body["messages"].back()["content"][0]["text"].get<std::string>(), nullptr, false);
      const Json script = asked.value("script", Json::array());
      const size_t time = times_[request.body]++;
      if (time < script.size()) action = script[time].get<std::string>();
    }
    const std::string sent = request.has_header("api-key") ? request.get_header_value("api-key")
                                                           : request.get_header_value("Authorization");
    if (!key_.empty() && sent != key_ && sent != "Bearer " + key_) {
      response.status = 401;
      response.set_content(error("Incorrect API key provided: " + sent, "invalid_api_key"), kJson);
    } else {
      if (asked.contains("milliseconds"))
        std::this_thread::sleep_for(std::chrono::milliseconds(asked["milliseconds"].get<int>()));
      act(action, asked, sent, request.body, response);
    }
    --at_once_;
  }

  Json counts() {
    const std::lock_guard lock(mutex_);
    Json billed = Json::array();
    for (const auto& [body, count] : billed_) billed.push_back(count);
    return {{"asked", num_asked_}, {"billed", billed}, {"most_at_once", most_at_once_}};
  }

 private:
  void act(const std::string& action, const Json& asked, const std::string& sent_key, const std::string& body,
           Response& response) {
    const std::string text = "score of " + asked.value("id", Json(0)).dump();
    const auto reply = [&](const Json& message, const char* finish_reason) {
      const std::lock_guard lock(mutex_);
      ++billed_[body];
      response.set_content(completion(message, finish_reason).dump(), kJson);
    };
    const auto fail = [&](int status, const std::string& content) {
      response.status = status;
      response.set_content(content, content.starts_with('<') ? "text/html" : kJson);
    };
    const std::string whole = completion({{"content", text}}, "stop").dump();
    if (action == "ok") reply({{"role", "assistant"}, {"content", text}}, "stop");
    if (action == "empty") reply({{"content", ""}}, "stop");
    if (action == "null") reply({{"content", nullptr}}, "stop");
    if (action == "parts")
      reply({{"content", Json::array({Json{{"type", "text"}, {"text", text}}})}}, "stop");
    if (action == "dear") {
      Json dear = completion({{"content", text}}, "stop");
      dear["usage"] = {{"prompt_tokens", 25000}, {"completion_tokens", 501}};
      const std::lock_guard lock(mutex_);
      ++billed_[body];
      response.set_content(dear.dump(), kJson);
    }
    if (action == "length") reply({{"content", "Consist"}}, "length");
    if (action == "filter") reply({{"content", nullptr}}, "content_filter");
    if (action == "refusal") reply({{"content", nullptr}, {"refusal", "I cannot help with that."}}, "stop");
    if (action == "say_key") reply({{"content", "your key is " + sent_key}}, "stop");
    if (action == "wrong_json") response.set_content(whole.substr(0, whole.size() - 3), kJson);
    if (action == "no_choices")
      response.set_content(R"({"choices": [], "usage": {"prompt_tokens": 5}})", kJson);
    if (action == "odd_types")
      response.set_content(R"({"choices": {"0": 1}, "usage": -1, "model": 7})", kJson);
    if (action == "html") response.set_content("<html>Welcome to the café\xff</html>", "text/html");
    if (action == "429") fail(429, error("Rate limit reached", "rate_limit_exceeded"));
    if (action == "quota") fail(429, error("You exceeded your current quota", "insufficient_quota"));
    if (action == "500") fail(500, error("The server had an error", "server_error"));
    if (action == "500_key") fail(500, "oops: header was " + sent_key + std::string(400, '!'));
    if (action == "502") fail(502, "<html><body>Bad gateway</body></html>");
    if (action == "400_filter") fail(400, error("filtered by policy", "content_filter"));
    if (action == "400") fail(400, error("the picture is too large", "invalid_image"));
    if (action == "400_key")
      fail(400, R"({"errors": [{"detail": "bad key )" + replaced(sent_key, "/", "\\/") + R"("}]})");
    if (action == "402") fail(402, error("Insufficient credits", "payment_required"));
    if (action == "403_key") fail(403, error("no access for " + sent_key, "forbidden"));
    if (action == "404") fail(404, error("The model `m` does not exist", "model_not_found"));
    if (action.starts_with("429_after_")) {
      fail(429, error("Rate limit reached", "rate_limit_exceeded"));
      response.set_header("Retry-After", action.substr(10));
    }
    if (action == "redirect") redirect("", response);
    if (action == "redirect_key") redirect("?key=" + sent_key.substr(sent_key.find("sk-")), response);
    if (action == "cut") send_slowly(whole, whole.size() / 2, 0, response);
    if (action == "cut_at_once") send_slowly(whole, 0, 0, response);
    if (action == "slow") send_slowly(whole, whole.size(), 50, response);
    if (action == "huge") response.set_content(std::string(size_t{9} << 20, ' '), kJson);
  }

  void redirect(const std::string& query, Response& response) const {
    response.status = 307;
    response.set_header("Location", "http://127.0.0.1:" + std::to_string(thief_port_) +
                                        "/v1/chat/completions" +
                                        replaced(replaced(query, "/", "%2F"), "+", "%2B"));
  }

  static void send_slowly(const std::string& content, size_t until, int milliseconds, Response& response) {
    response.set_content_provider(content.size(), kJson, [=](size_t offset, size_t, httplib::DataSink& sink) {
      if (offset >= until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
      const size_t size = milliseconds > 0 ? 1 : until - offset;
      return sink.write(content.data() + offset, size);
    });
  }

  const std::string key_;
  const int thief_port_;
  std::atomic<int> at_once_ = 0;
  std::mutex mutex_;
  int num_asked_ = 0, most_at_once_ = 0;
  std::map<std::string, size_t> times_;
  std::map<std::string, int> billed_;
};

int serve(const std::string& key, httplib::Server& server) {
  httplib::Server thief;
  std::atomic<int> stolen = 0, visits = 0;
  const auto steal = [&](const Request& request, Response&) {
    ++visits;
    if (request.has_header("Authorization") || request.has_header("api-key")) ++stolen;
  };
  thief.Post(".*", steal).Get(".*", steal);
  const int thief_port = thief.bind_to_any_port("127.0.0.1");
  std::thread thief_thread([&] { thief.listen_after_bind(); });

  FakeServer fake(key, thief_port);
  server.new_task_queue = [] { return new httplib::ThreadPool(64); };
  server.set_keep_alive_max_count(1000000);
  server.set_tcp_nodelay(true);
  server.Post("/(v1|openai/deployments/judge)/chat/completions",
              [&](const Request& request, Response& response) { fake.answer(request, response); });
  server.Get("/counts", [&](const Request&, Response& response) {
    Json counts = fake.counts();
    counts["stolen"] = stolen.load();
    counts["visits_to_thief"] = visits.load();
    response.set_content(counts.dump(), kJson);
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread parent([&] {
    while (std::getchar() != EOF) {
    }
    server.stop();
  });
  std::printf("%d\n", port);
  std::fflush(stdout);
  server.listen_after_bind();
  parent.join();
  thief.stop();
  thief_thread.join();
  return 0;
}

}  // namespace
}  // namespace umm::testing

int main(int argc, char** argv) {
  const std::string key = argc > 1 ? argv[1] : "";
  if (argc > 2) {
    const umm::testing::FakeCertificate certificate;
    certificate.write(argv[2]);
    httplib::SSLServer server(certificate.certificate.get(), certificate.key.get());
    return umm::testing::serve(key, server);
  }
  httplib::Server server;
  return umm::testing::serve(key, server);
}
