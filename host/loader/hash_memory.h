// Remembers the SHA-256 of large files, so that base weights and data sets are read once and not by every
// plan and every process of a run. A file is known again by its path, device, inode, size, and both of its
// times; the time of the inode's change is one that no program can set back.
//
// One line of text for each file. Processes share it without locks: a line is added by one write at the end
// of the file and carries a check sum, so that what a crash, a full disk or a network folder left of a line
// is passed over. A memory that is too large loses its older half.
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace umm {

// What tells one content of a file from another without reading it.
struct FileState {
  std::string path;  // absolute
  uint64_t device = 0, inode = 0, size = 0;
  int64_t modified_ns = 0, changed_ns = 0;  // since 1970; of the content, of the inode

  bool operator==(const FileState&) const = default;
};

FileState file_state(const std::filesystem::path& file, const struct stat& status);

class HashMemory {
 public:
  static constexpr std::chrono::seconds kSettled{2};
  static constexpr size_t kMostBytes = size_t{4} << 20;  // some twenty thousand files

  // `file`: "" keeps nothing. One that cannot be read or written is as an empty one.
  // `settled`: how old both times of a file must be before it is read. A younger one could be written again
  // within the same tick of its file system's clock, and nobody would see it.
  explicit HashMemory(std::filesystem::path file, std::chrono::nanoseconds settled = kSettled,
                      size_t most_bytes = kMostBytes);

  // `contents` in cache_folder(); "" where there is none, or where $UMM_NO_HASH_MEMORY is set.
  static std::filesystem::path default_file();

  std::optional<std::string> find(const FileState& state);

  // `started`: when reading began. A file that was not settled then is not remembered.
  void remember(const FileState& state, const std::string& hash,
                std::chrono::system_clock::time_point started);

 private:
  void load();
  void append(const std::string& line) const;
  void drop_older_half() const;

  struct Known {
    FileState state;
    std::string hash;
  };

  std::filesystem::path file_;
  std::chrono::nanoseconds settled_;
  size_t most_bytes_;
  std::mutex mutex_;
  bool loaded_ = false;
  std::map<std::string, Known> known_;  // by path; the last line of a path counts
};

}  // namespace umm
