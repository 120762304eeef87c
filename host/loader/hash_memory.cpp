#include "loader/hash_memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "loader/cache_folder.h"
#include "loader/hash.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm {

namespace fs = std::filesystem;

namespace {

constexpr size_t kCheckDigits = 16, kHashDigits = 64;

int64_t nanoseconds(const timespec& time) {
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// "<check> <hash> <device> <inode> <size> <modified> <changed> <path>"
std::string line_of(const FileState& state, const std::string& hash) {
  std::ostringstream text;
  text << hash << ' ' << state.device << ' ' << state.inode << ' ' << state.size << ' ' << state.modified_ns
       << ' ' << state.changed_ns << ' ' << state.path;
  return hash_text(text.str()).substr(0, kCheckDigits) + ' ' + text.str();
}

// False: damaged.
bool parse(const std::string& line, FileState& state, std::string& hash) {
  if (line.size() < kCheckDigits + 1 + kHashDigits) return false;
  const std::string text = line.substr(kCheckDigits + 1);
  if (hash_text(text).compare(0, kCheckDigits, line, 0, kCheckDigits) != 0) return false;
  std::istringstream in(text);
  in >> hash >> state.device >> state.inode >> state.size >> state.modified_ns >> state.changed_ns;
  return in.get() == ' ' && std::getline(in, state.path) && hash.size() == kHashDigits;
}

}  // namespace

FileState file_state(const fs::path& file, const struct stat& status) {
  return {.path = fs::absolute(file).lexically_normal().string(),
          .device = status.st_dev,
          .inode = status.st_ino,
          .size = static_cast<uint64_t>(status.st_size),
          .modified_ns = nanoseconds(status.st_mtim),
          .changed_ns = nanoseconds(status.st_ctim)};
}

HashMemory::HashMemory(fs::path file, std::chrono::nanoseconds settled, size_t most_bytes)
    : file_(std::move(file)), settled_(settled), most_bytes_(most_bytes) {}

fs::path HashMemory::default_file() {
  const char* off = std::getenv("UMM_NO_HASH_MEMORY");
  const fs::path folder = cache_folder();
  return folder.empty() || (off != nullptr && *off != '\0') ? fs::path() : folder / "contents";
}

void HashMemory::load() {
  if (std::exchange(loaded_, true) || file_.empty()) return;
  std::ifstream in(file_);
  Known known;
  for (std::string line; std::getline(in, line);)
    if (parse(line, known.state, known.hash)) known_[known.state.path] = known;
}

std::optional<std::string> HashMemory::find(const FileState& state) {
  const std::lock_guard lock(mutex_);
  load();
  const auto known = known_.find(state.path);
  if (known == known_.end() || !(known->second.state == state)) return std::nullopt;
  return known->second.hash;
}

void HashMemory::remember(const FileState& state, const std::string& hash,
                          std::chrono::system_clock::time_point started) {
  const auto begin = std::chrono::duration_cast<std::chrono::nanoseconds>(started.time_since_epoch());
  const int64_t settled_before = (begin - settled_).count();
  if (std::max(state.modified_ns, state.changed_ns) > settled_before) return;
  if (file_.empty() || state.path.find('\n') != std::string::npos) return;
  const std::lock_guard lock(mutex_);
  load();
  known_[state.path] = {state, hash};
  append(line_of(state, hash) + "\n");
}

void HashMemory::append(const std::string& line) const {
  std::error_code ignored;
  fs::create_directories(file_.parent_path(), ignored);
  const int out = open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (out < 0) return;
  const ssize_t written = TEMP_FAILURE_RETRY(write(out, line.data(), line.size()));
  struct stat status {};
  const bool too_large =
      written > 0 && fstat(out, &status) == 0 && static_cast<size_t>(status.st_size) > most_bytes_;
  close(out);
  if (too_large) drop_older_half();
}

// What another process adds meanwhile is lost, and found out again.
void HashMemory::drop_older_half() const {
  std::string lines;
  try {
    lines = read_file(file_);
  } catch (const InputError&) {
    return;  // it stays as it is
  }
  const auto half = lines.find('\n', lines.size() / 2);
  if (half == std::string::npos) return;
  const fs::path replacement = file_.string() + "." + std::to_string(getpid());
  std::error_code ignored;
  if (std::ofstream(replacement) << lines.substr(half + 1) << std::flush)
    fs::rename(replacement, file_, ignored);
  else
    fs::remove(replacement, ignored);
}

}  // namespace umm
