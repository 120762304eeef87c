#include "launch/worker_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "umm/error.h"

extern char** environ;

namespace umm {
namespace {

// "NAME=value" of this process's environment with the changes.
std::vector<std::string> environment_with(const std::map<std::string, std::string>& changes) {
  std::vector<std::string> lines;
  for (char** line = environ; *line != nullptr; ++line) {
    const std::string text = *line;
    if (!changes.contains(text.substr(0, text.find('=')))) lines.push_back(text);
  }
  for (const auto& [name, value] : changes) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& lines) {
  std::vector<char*> result;
  for (auto& line : lines) result.push_back(line.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

WorkerProcess::WorkerProcess(const Start& start) : start_(std::chrono::steady_clock::now()) {
  auto words = start.arguments;
  words.insert(words.begin(), start.program.string());
  auto environment = environment_with(start.environment);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (!start.log.empty()) {
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, start.log.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0644);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  }
  // A group of its own: a key pressed in the terminal reaches the starter alone, which passes it on.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  const int failed = posix_spawn(&process_, start.program.c_str(), &files, &attributes,
                                 pointers(words).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) process_ = 0;
  UMM_CHECK(failed == 0, start.program.string(), ": cannot be started: ", std::strerror(failed),
            failed == EACCES ? "; the output folder must be one from which programs may run" : "");
}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept
    : process_(std::exchange(other.process_, 0)),
      start_(other.start_),
      asked_(other.asked_),
      exit_code_(other.exit_code_) {}

WorkerProcess::~WorkerProcess() {
  if (process_ == 0) return;
  ask_to_stop();
  waitpid(process_, nullptr, 0);
}

std::optional<int> WorkerProcess::exit_code() {
  if (process_ == 0) return exit_code_;
  int status = 0;
  if (waitpid(process_, &status, WNOHANG) != process_) return std::nullopt;
  process_ = 0;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

void WorkerProcess::ask_to_stop() {
  if (process_ != 0 && !asked_) kill(process_, SIGTERM);
  asked_ = true;
}

double WorkerProcess::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void stop_with_starter(pid_t starter) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  // It may have died before that.
  if (getppid() != starter) raise(SIGTERM);
}

}  // namespace umm
