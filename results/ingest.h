// From journals to the database. An output folder holds
//   sweeps/<name>.json                        a sweep and its runs, as they were submitted (run_folder.h)
//   runs/<identity>/attempt-<n>/journal.umj   what each process did
//   results.sqlite                            what this makes of them
// Taking in is incremental and can be repeated: whatever the order and the pieces in which the files came,
// the content is the same, and so is that of a database that is deleted and made again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "results/frames.h"
#include "results/journal.h"
#include "results/store.h"

namespace umm::results {

// Whether a process that may still write to this attempt's journal lives.
using IsAlive = std::function<bool(const std::filesystem::path& attempt_folder)>;

struct IngestReport {
  int64_t journals = 0;  // with something new
  int64_t frames = 0;
  std::vector<std::string> problems;  // files that could not be read, each with the reason
};

using SweepTexts = std::map<std::filesystem::path, std::string>;  // file -> text that was taken in

class Ingester {
 public:
  // StoreError: another process is taking in, or the database cannot be opened for writing. One that an older
  // program filled is read anew where its files are there (read_again.h).
  // `known`: what an earlier one knew of sweeps, so that large ones are not stored again at each pass.
  Ingester(std::filesystem::path output, IsAlive is_alive, SweepTexts known = {});

  IngestReport take_in();

  const Store& store() const { return store_; }
  const SweepTexts& sweeps() const { return sweeps_; }

 private:
  void take_in_sweeps(IngestReport& report);
  void take_in_runs(IngestReport& report);
  int64_t take_in_attempt(const std::string& run, int64_t number, const std::filesystem::path& folder,
                          IngestReport& report);
  int64_t read_new_frames(const std::string& run, const std::filesystem::path& folder, JournalRow& row);
  void take_in_frame(const Frame& frame, AttemptRow& attempt);
  void take_in_stage_end(const StageEnd& stage, AttemptRow& attempt, const std::string& utc);
  void close_journal(const std::filesystem::path& folder, const JournalRow& journal, const char* reason);
  void explain(const std::filesystem::path& folder, const JournalRow& journal);

  std::filesystem::path output_;
  IsAlive is_alive_;
  Store store_;
  SweepTexts sweeps_;
};

}  // namespace umm::results
