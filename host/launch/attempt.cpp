#include "launch/attempt.h"

#include "results/run_folder.h"
#include "train/files.h"

namespace umm {

namespace fs = std::filesystem;

std::optional<Attempt> begin_attempt(const fs::path& run_folder) {
  make_folders(run_folder);
  auto claim = Claim::try_make(run_folder);
  if (!claim) return std::nullopt;
  const auto attempts = results::attempt_folders(run_folder);
  const int64_t number = attempts.empty() ? 1 : attempts.rbegin()->first + 1;
  const fs::path folder = results::attempt_folder(run_folder, number);
  make_folders(folder);
  return Attempt{number, folder, std::move(*claim)};
}

// The latest attempt is that of whoever holds the run. For the moment between claim and folder an attempt
// that is over passes for one that is not, which only delays what is said of it.
bool attempt_is_alive(const fs::path& attempt_folder) {
  const fs::path run_folder = attempt_folder.parent_path();
  if (!claim_holder(run_folder)) return false;
  const auto attempts = results::attempt_folders(run_folder);
  return !attempts.empty() && attempts.rbegin()->second.filename() == attempt_folder.filename();
}

}  // namespace umm
