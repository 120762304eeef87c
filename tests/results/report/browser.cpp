#include "tests/results/report/browser.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace umm::results {
namespace {

using Json = nlohmann::json;

constexpr int kPatienceMilliseconds = 60'000;

std::string program() {
  const char* path = std::getenv("PATH");
  std::stringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');)
    for (const char* name : {"chromium", "chromium-browser", "google-chrome"})
      if (access((folder + "/" + name).c_str(), X_OK) == 0) return folder + "/" + name;
  return "";
}

std::string decoded(const std::string& base64) {
  std::string out;
  unsigned bits = 0, held = 0;
  for (const char c : base64) {
    static const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const size_t digit = digits.find(c);
    if (digit == std::string::npos) break;
    held = held << 6 | static_cast<unsigned>(digit);
    if ((bits += 6) >= 8) out += static_cast<char>(held >> (bits -= 8) & 255);
  }
  return out;
}

}  // namespace

bool Browser::installed() {
  return !program().empty();
}

// It reads commands from descriptor 3 and answers on 4, each a JSON text and a NUL.
Browser::Browser(const std::filesystem::path& profile) {
  int commands[2], answers[2];
  if (pipe2(commands, O_CLOEXEC) != 0 || pipe2(answers, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const std::string path = program(), folder = "--user-data-dir=" + profile.string();
  process_ = fork();
  if (process_ == 0) {
    setpgid(0, 0);
    const int in = fcntl(commands[0], F_DUPFD, 10), out = fcntl(answers[1], F_DUPFD, 10);
    dup2(in, 3);
    dup2(out, 4);
    const int nothing = ::open("/dev/null", O_RDWR);
    dup2(nothing, 1);
    dup2(nothing, 2);
    execl(path.c_str(), path.c_str(), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
          "--disable-dev-shm-usage", "--disable-background-networking", "--remote-debugging-pipe",
          folder.c_str(), "about:blank", nullptr);
    _exit(127);
  }
  close(commands[0]);
  close(answers[1]);
  to_ = commands[1];
  from_ = answers[0];
  const auto target = call("Target.createTarget", {{"url", "about:blank"}}).at("targetId");
  session_ = call("Target.attachToTarget", {{"targetId", target}, {"flatten", true}}).at("sessionId");
  for (const char* domain : {"Page", "Runtime", "Log"}) call(std::string(domain) + ".enable");
}

Browser::~Browser() {
  close(to_);
  close(from_);
  kill(-process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

Json Browser::receive() {
  while (true) {
    if (const size_t end = buffer_.find('\0'); end != std::string::npos) {
      Json message = Json::parse(buffer_.substr(0, end));
      buffer_.erase(0, end + 1);
      const std::string method = message.value("method", "");
      if (method == "Page.loadEventFired") loaded_ = true;
      if (method == "Runtime.exceptionThrown" || method == "Log.entryAdded")
        problems_.push_back(message.at("params").dump());
      if (method == "Runtime.consoleAPICalled" && message.at("params").value("type", "") == "error")
        problems_.push_back(message.at("params").dump());
      return message;
    }
    pollfd ready{from_, POLLIN, 0};
    if (poll(&ready, 1, kPatienceMilliseconds) <= 0) throw std::runtime_error("the browser does not answer");
    char part[1 << 16];
    const ssize_t size = read(from_, part, sizeof part);
    if (size <= 0) throw std::runtime_error("the browser has ended");
    buffer_.append(part, static_cast<size_t>(size));
  }
}

Json Browser::call(const std::string& method, Json parameters) {
  const int id = next_id_++;
  Json message = {{"id", id}, {"method", method}, {"params", std::move(parameters)}};
  if (!session_.empty()) message["sessionId"] = session_;
  const std::string text = message.dump() + '\0';
  if (write(to_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw std::runtime_error("the browser takes no commands");
  while (true) {
    Json answer = receive();
    if (answer.value("id", 0) != id) continue;
    if (answer.contains("error")) throw std::runtime_error(method + ": " + answer["error"].dump());
    return answer.at("result");
  }
}

void Browser::emulate(int width, int height, bool dark) {
  call("Emulation.setDeviceMetricsOverride",
       {{"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", width < 600}});
  call("Emulation.setEmulatedMedia",
       {{"features", {{{"name", "prefers-color-scheme"}, {"value", dark ? "dark" : "light"}}}}});
}

void Browser::disable_scripts() {
  call("Emulation.setScriptExecutionDisabled", {{"value", true}});
}

void Browser::open(const std::string& address) {
  loaded_ = false;
  call("Page.navigate", {{"url", address}});
  while (!loaded_) receive();
}

Json Browser::evaluate(const std::string& script) {
  const Json answer =
      call("Runtime.evaluate", {{"expression", script}, {"awaitPromise", true}, {"returnByValue", true}});
  if (answer.contains("exceptionDetails")) throw std::runtime_error(answer["exceptionDetails"].dump());
  return answer.at("result").value("value", Json());
}

void Browser::screenshot(const std::filesystem::path& file, bool whole_page) {
  const Json answer =
      call("Page.captureScreenshot", {{"format", "png"}, {"captureBeyondViewport", whole_page}});
  std::ofstream(file, std::ios::binary) << decoded(answer.at("data").get<std::string>());
}

std::vector<std::string> Browser::take_problems() {
  return std::exchange(problems_, {});
}

}  // namespace umm::results
