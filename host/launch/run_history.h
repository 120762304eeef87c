// What has become of a run, told by its folder alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "process/owner.h"
#include "results/frames.h"
#include "spec/experiment.h"

namespace umm {

// incomplete: done but for answers that somebody did not give; the next process asks again.
enum class RunState { queued, running, interrupted, failed, incomplete, complete };
const char* to_text(RunState state);
bool is_over(RunState state);  // no phase of it is under way, or was when its process ended

struct RunHistory {
  RunState state = RunState::queued;  // by the latest attempt; complete: by any
  int64_t num_attempts = 0;
  std::optional<ProcessOwner> owner;                 // of one that is running
  std::string error;                                 // why it failed, was stopped or is incomplete
  std::optional<results::ProgressFrame> progress;    // the latest attempt's latest
  double seconds_since_progress = 0;                 // by this machine's clock; not negative
  double device_seconds = 0;                         // of all attempts, this one's open phase included
  double lost_device_seconds = 0;                    // part of it that came to nothing
  std::vector<std::string> evaluations;              // identities; of a complete or incomplete run
  int64_t trained_stages = 0, made_evaluations = 0;  // by the latest attempt
};

// Never throws for what a dying process leaves behind.
RunHistory read_history(const std::filesystem::path& run_folder);

// Whether nothing of the run needs to be done again: it was complete, and its results still lie there.
bool is_complete(const RunConfig& run, const RunHistory& history, const std::filesystem::path& output);

}  // namespace umm
