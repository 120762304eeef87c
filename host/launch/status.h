// What has become of the runs of an output folder, from its files alone: no server, no database, and no
// plugin is asked.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "launch/run_history.h"

namespace umm {

struct RunStatus {
  std::string name, identity;
  RunHistory history;
};

struct SweepStatus {
  std::string name, description;
  std::vector<RunStatus> runs;  // in the sweep's order

  int64_t count(RunState state) const;
  double device_hours() const;
};

// What a run is at, in words: "train reca", "0.25/s", "1:02:03". Only one that is running has a rate and time
// left.
struct PhaseText {
  std::string name, rate, left;
};
PhaseText phase_text(const RunStatus& run);

// "3 of 5 runs complete, 1 running, 1 queued; 0.1234 device-hours"
std::string summary(const SweepStatus& sweep);

// `sweep`: only that one; "": all of the folder, oldest first. InputError: there is none. One that
// cannot be read keeps no other from being shown; taking in tells of it.
std::vector<SweepStatus> read_status(const std::filesystem::path& output, const std::string& sweep);

struct FailureGroup {
  std::string signature;
  std::string error;               // of the first
  std::vector<std::string> names;  // of the runs
  std::vector<std::string> identities;
};
std::vector<FailureGroup> group_failures(const SweepStatus& sweep);

// A table of the runs, a line of sums, and the failures by signature. `width`: of the terminal.
std::string render(const SweepStatus& sweep, size_t width);
std::string to_json(const std::vector<SweepStatus>& sweeps);

}  // namespace umm
