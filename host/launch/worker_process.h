// A process that works on one run, seen by the one that started it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace umm {

class WorkerProcess {
 public:
  struct Start {
    std::filesystem::path program;
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;  // over this process's own
    std::filesystem::path log;                       // of its standard streams; "": this process's own
  };
  explicit WorkerProcess(const Start& start);  // Error: it could not be started
  WorkerProcess(WorkerProcess&&) noexcept;
  WorkerProcess& operator=(WorkerProcess&&) = delete;
  ~WorkerProcess();  // asks it to stop and waits until it has

  // Its exit code, once it has one; 128 + signal where a signal ended it.
  std::optional<int> exit_code();

  void ask_to_stop();  // as often as wanted: it is told once
  double seconds() const;

 private:
  pid_t process_ = 0;  // 0: waited for
  std::chrono::steady_clock::time_point start_;
  bool asked_ = false;
  std::optional<int> exit_code_;
};

// Called by the process itself at its start: it is told to stop where its starter dies.
void stop_with_starter(pid_t starter);

}  // namespace umm
