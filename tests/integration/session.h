// A command in a session of its own, so that a test can find and kill any of its processes.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace umm::testing {

class Session {
 public:
  // Shell commands; the last one should be `exec`, so that its process is the session's first. Output goes to
  // `log`.
  Session(const std::string& commands, const std::filesystem::path& log) {
    first_ = fork();
    if (first_ != 0) return;
    setsid();
    const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    execl("/bin/sh", "sh", "-c", commands.c_str(), nullptr);
    _exit(127);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    for (const pid_t process : processes()) kill(process, SIGKILL);
    wait();
  }

  pid_t first() const { return first_; }

  // All that live, the first one included.
  std::vector<pid_t> processes() const {
    std::vector<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string name = entry.path().filename().string();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      std::ifstream in(entry.path() / "stat");
      std::string text;
      std::getline(in, text);
      const size_t end = text.rfind(')');
      if (end == std::string::npos) continue;
      char state = 0;
      int parent = 0, group = 0, session = 0;
      if (std::sscanf(text.c_str() + end + 1, " %c %d %d %d", &state, &parent, &group, &session) == 4 &&
          session == first_ && state != 'Z')
        found.push_back(std::stoi(name));
    }
    return found;
  }

  // Exit code of the first process; 128 + signal. nullopt: it still runs.
  std::optional<int> exit_code() {
    if (!exit_code_) {
      int status = 0;
      if (waitpid(first_, &status, WNOHANG) != first_) return std::nullopt;
      exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return exit_code_;
  }

  int wait() {
    while (!exit_code()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return *exit_code_;
  }

  // False: it ended before.
  bool runs_for(double seconds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (!exit_code() && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return !exit_code();
  }

 private:
  pid_t first_ = 0;
  std::optional<int> exit_code_;
};

}  // namespace umm::testing
