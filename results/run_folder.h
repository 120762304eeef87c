// Where the files of runs and sweeps lie in an output folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "results/store.h"
#include "results/submission.h"

namespace umm::results {

std::filesystem::path database_file(const std::filesystem::path& output);
std::filesystem::path run_folder(const std::filesystem::path& output, const std::string& run_identity);

// Those of all runs, in order; what is called otherwise is none.
std::vector<std::filesystem::path> run_folders(const std::filesystem::path& output);

// attempt-<n> by n.
std::map<int64_t, std::filesystem::path> attempt_folders(const std::filesystem::path& run_folder);
std::filesystem::path attempt_folder(const std::filesystem::path& run_folder, int64_t number);
std::filesystem::path journal_file(const std::filesystem::path& attempt_folder);

// How a process ended that could not say so itself, in words; whoever started it writes it.
std::filesystem::path exit_file(const std::filesystem::path& attempt_folder);

// Where the host keeps a picture, relative to the output folder; view `evidence` has the same rule.
std::string usual_image_path(std::string_view evaluation_identity, std::string_view item_id,
                             int64_t image_index);

// A sweep and its runs, in order, as they were submitted.
struct SubmittedSweep {
  SweepRow sweep;
  std::vector<std::pair<RunRow, std::vector<StageRow>>> runs;
  std::vector<std::string> names;             // of the runs: "reca, seed 0"
  std::optional<Submission> submission = {};  // none: it was submitted before this was recorded
  std::vector<RunSources> sources = {};       // of the runs; may be empty for the same reason
  std::vector<SettingOrigin> settings = {};   // of all runs, each once
};
std::filesystem::path sweep_file(const std::filesystem::path& output, const std::string& name);
std::vector<std::filesystem::path> sweep_files(const std::filesystem::path& output);

// By name, without those that begin with a dot; none where there is no such folder.
std::vector<std::filesystem::path> files_with_ending(const std::filesystem::path& folder,
                                                     const std::string& ending);
std::string to_text(const SubmittedSweep& sweep);

// A later version of this program wrote it.
class NewerFormat : public StoreError {
 public:
  using StoreError::StoreError;
};
SubmittedSweep sweep_from_text(const std::string& text, const std::string& file);  // StoreError: it is none

// Text of a whole file, or of what lies behind the first `offset` bytes. StoreError: unreadable, or shorter.
std::string read_from(const std::filesystem::path& file, int64_t offset = 0);

}  // namespace umm::results
