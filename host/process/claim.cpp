#include "process/claim.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <thread>

#include "umm/error.h"
#include "umm/file.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = ".claim.";
constexpr const char* kGivenUp = "given up\n";

fs::path claim_file(const fs::path& folder, int64_t number) {
  return folder / (std::string(kPrefix) + std::to_string(number));
}

// Of the latest claim; 0: there was none.
int64_t latest_number(const fs::path& folder) {
  int64_t latest = 0;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    int64_t number = 0;
    const char* begin = name.data() + kPrefix.size();
    const char* stop = name.data() + name.size();
    if (name.starts_with(kPrefix) && std::from_chars(begin, stop, number).ptr == stop)
      latest = std::max(latest, number);
  }
  return latest;
}

// Nobody where the file is gone by now. What cannot be read may be held by a living process, so it throws.
ProcessOwner holder_of(const fs::path& file) {
  try {
    return ProcessOwner::from_text(read_file(file));
  } catch (const InputError&) {
    if (fs::exists(file)) throw;
    return {};
  }
}

// Complete or absent, and never over another file: link() fails where the name is taken.
bool write_exclusively(const fs::path& file, const std::string& text) {
  const fs::path pending = file.parent_path() / (".pending-claim-" + std::to_string(getpid()));
  std::ofstream out(pending, std::ios::trunc);
  out << text;
  out.close();
  UMM_CHECK(out, file.string(), ": cannot be written: ", std::strerror(errno));
  const int failed = link(pending.c_str(), file.c_str());
  const int reason = errno;
  unlink(pending.c_str());
  UMM_CHECK(failed == 0 || reason == EEXIST, file.string(), ": cannot be made: ", std::strerror(reason));
  return failed == 0;
}

}  // namespace

Claim::Claim(fs::path file) : file_(std::move(file)), lease_(std::make_unique<Lease>(file_)) {}
Claim::Claim(Claim&& other) noexcept
    : file_(std::exchange(other.file_, {})), lease_(std::move(other.lease_)) {}

Claim::~Claim() {
  if (file_.empty()) return;
  lease_.reset();
  // The file stays, so that numbers go on growing.
  std::ofstream(file_, std::ios::trunc) << kGivenUp;
}

std::optional<Claim> Claim::try_make(const fs::path& folder) {
  const int64_t latest = latest_number(folder);
  if (latest > 0 && is_alive(holder_of(claim_file(folder, latest)), claim_file(folder, latest)))
    return std::nullopt;
  return take(folder, latest + 1);
}

std::optional<Claim> Claim::take(const fs::path& folder, int64_t number) {
  const fs::path file = claim_file(folder, number);
  if (!write_exclusively(file, ProcessOwner::of_this_process().to_text())) return std::nullopt;
  std::error_code ignored;
  // Since the caller looked, others may have come, gone and tidied up: the number was free again, and a
  // larger one is held.
  if (latest_number(folder) > number) {
    fs::remove(file, ignored);
    return std::nullopt;
  }
  for (int64_t old = number - 1; old > 0 && fs::remove(claim_file(folder, old), ignored); --old) {
  }
  return Claim(file);
}

std::optional<Claim> Claim::make(const fs::path& folder, const std::function<bool()>& give_up) {
  while (!give_up()) {
    if (auto claim = try_make(folder)) return claim;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return std::nullopt;
}

std::optional<ProcessOwner> claim_holder(const fs::path& folder) {
  const int64_t latest = latest_number(folder);
  if (latest == 0) return std::nullopt;
  const auto owner = holder_of(claim_file(folder, latest));
  if (!is_alive(owner, claim_file(folder, latest))) return std::nullopt;
  return owner;
}

}  // namespace umm
