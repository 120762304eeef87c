#include "launch/start_worker.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace umm {

WorkerProcess start_worker(const FrozenProgram& program, const std::filesystem::path& output,
                           const RunConfig& run, int gpu, const std::filesystem::path& log) {
  WorkerProcess::Start start{
      program.program, {"work", output.string(), run.identity, std::to_string(getpid())}, {}, log};
  std::string libraries;
  for (const auto& folder : program.library_folders) libraries += folder.string() + ":";
  const char* own = std::getenv("LD_LIBRARY_PATH");
  start.environment["LD_LIBRARY_PATH"] = libraries + (own != nullptr ? own : "");
  // Where the variable is set, somebody has shared out the GPUs already.
  if (gpu >= 0 && std::getenv("CUDA_VISIBLE_DEVICES") == nullptr)
    start.environment["CUDA_VISIBLE_DEVICES"] = std::to_string(gpu);
  return WorkerProcess(start);
}

std::string how_it_ended(int exit_code) {
  if (exit_code <= kSignalled) return fmt::format("the process ended with exit code {}", exit_code);
  const int signal = exit_code - kSignalled;
  return fmt::format("killed by signal {}, {}", signal, strsignal(signal));
}

}  // namespace umm
