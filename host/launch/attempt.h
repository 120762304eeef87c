// The beginning of a process's work on a run: the right to do it, and the folder of its records.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "process/claim.h"

namespace umm {

struct Attempt {
  int64_t number = 0;
  std::filesystem::path folder;  // runs/<identity>/attempt-<number>
  Claim claim;                   // on the run
};

// Makes the next attempt-<n> of the run. nullopt: another process works on the run.
std::optional<Attempt> begin_attempt(const std::filesystem::path& run_folder);

// Whether a process may still write to the attempt's journal; for results::Ingester.
bool attempt_is_alive(const std::filesystem::path& attempt_folder);

}  // namespace umm
