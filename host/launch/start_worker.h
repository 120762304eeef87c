// How the process of a run is started from the frozen program, and what its end means.
#pragma once

#include <filesystem>
#include <string>

#include "launch/freeze.h"
#include "launch/worker_process.h"

namespace umm {

// `run` lies frozen in the output folder. `gpu`: the only one that it sees; -1: as this process does. `log`:
// of its standard streams; "": this process's own.
WorkerProcess start_worker(const FrozenProgram& program, const std::filesystem::path& output,
                           const RunConfig& run, int gpu, const std::filesystem::path& log);

constexpr int kSignalled = 128;  // exit codes above it tell of a signal

// "killed by signal 9, Killed"
std::string how_it_ended(int exit_code);

}  // namespace umm
