#include "running_server.h"

#include <fcntl.h>
#include <httplib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

#include "umm/error.h"

namespace umm::openai {

namespace fs = std::filesystem;
using Json = nlohmann::json;

int Counts::total_billed() const {
  return std::accumulate(billed.begin(), billed.end(), 0);
}
int Counts::billed_twice() const {
  return static_cast<int>(std::count_if(billed.begin(), billed.end(), [](int times) { return times > 1; }));
}

RunningServer::RunningServer(const std::string& certificate_file) : is_tls_(!certificate_file.empty()) {
  int to[2], from[2];
  UMM_CHECK(pipe2(to, O_CLOEXEC) == 0 && pipe2(from, O_CLOEXEC) == 0, "no pipes");
  const char* program = UMM_BINARY_DIR "/tests/fake_judge_server";
  process_ = fork();
  if (process_ == 0) {
    dup2(to[0], STDIN_FILENO);
    dup2(from[1], STDOUT_FILENO);
    execl(program, program, kKey, is_tls_ ? certificate_file.c_str() : nullptr, nullptr);
    _exit(127);
  }
  close(to[0]);
  close(from[1]);
  to_ = to[1];
  from_ = from[0];
  for (char c = 0; read(from_, &c, 1) == 1 && c != '\n';) port_ += c;
  UMM_CHECK(!port_.empty(), program, " did not start");
}

RunningServer::~RunningServer() {
  close(to_);
  close(from_);
  waitpid(process_, nullptr, 0);
}

Counts RunningServer::counts() const {
  const auto get = [](auto& http) {
    const auto answer = http.Get("/counts");
    UMM_CHECK(answer, "the fake server is gone");
    return Json::parse(answer->body);
  };
  const int port = std::stoi(port_);
  Json json;
  if (is_tls_) {
    httplib::SSLClient http("127.0.0.1", port);
    http.enable_server_certificate_verification(false);
    json = get(http);
  } else {
    httplib::Client http("127.0.0.1", port);
    json = get(http);
  }
  return {json.at("asked"), json.at("billed"), json.at("most_at_once"), json.at("stolen"),
          json.at("visits_to_thief")};
}

JudgeRequest scripted(int id, const std::vector<std::string>& script, int milliseconds) {
  Json words = {{"id", id}, {"script", script}};
  if (milliseconds > 0) words["milliseconds"] = milliseconds;
  return {.parts = {{.text = words.dump()}, {.media_type = "image/png", .bytes = "a picture"}}};
}

WithServer::WithServer() : folder_(fs::temp_directory_path() / ("umm_judge_" + std::to_string(getpid()))) {
  setenv("no_proxy", "*", 1);
  fs::remove_all(folder_);
  fs::create_directories(folder_);
}
WithServer::~WithServer() {
  fs::remove_all(folder_);
}

std::unique_ptr<Client> WithServer::client(const JudgeConnection& connection,
                                           const Patience& patience) const {
  return std::make_unique<Client>(Settings{.model = "m"}, connection, std::make_shared<Ledger>(), patience);
}

JudgeConnection WithServer::connection() const {
  return {.url = server_.url(), .key = kKey, .folder = (folder_ / "replies").string()};
}

std::string WithServer::refusal(Client& client, const JudgeRequest& request) {
  try {
    const JudgeReply reply = client.ask(request);
    ADD_FAILURE() << "a reply: " << to_text(reply.status) << " " << reply.text << reply.error;
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

std::string everything_in(const fs::path& folder) {
  std::ostringstream all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    all << entry.path().string() << "\n";
    if (entry.is_regular_file()) all << std::ifstream(entry.path()).rdbuf() << "\n";
  }
  return all.str();
}

}  // namespace umm::openai
