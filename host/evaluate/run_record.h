// What one process does for one run, as it goes into the journal of its attempt.
#pragma once

#include <filesystem>
#include <string>

#include "meter/progress.h"
#include "results/frames.h"
#include "results/journal.h"
#include "spec/experiment.h"

namespace umm {

results::RunRow run_row(const RunConfig& run, const std::string& program_version);
std::vector<results::StageRow> stage_rows(const RunConfig& run);

class RunRecord {
 public:
  // Begins the journal in the folder of attempt `number`. `output`: where progress is shown besides.
  RunRecord(const RunConfig& run, const std::filesystem::path& attempt_folder, int64_t number,
            const std::string& program_version, ProgressOutput output);

  // `sync`: it is on disk when the call returns; otherwise the process may die, but not the machine.
  template <typename FrameType>
  void add(const FrameType& frame, bool sync = true) {
    journal_.write(FrameType::kType, results::to_payload(frame), sync);
  }
  void add_found(const results::StageEnd& stage);

  const std::filesystem::path& folder() const { return folder_; }  // of the attempt

  // For the phases of the run.
  const ProgressOutput& progress() const { return progress_; }

 private:
  std::filesystem::path folder_;
  results::JournalWriter journal_;
  ProgressOutput progress_;
};

}  // namespace umm
