// Files and folders that are complete or absent.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace umm {

// Written beside the target, synced, then renamed.
void write_text_file(const std::filesystem::path& file, std::string_view text);

// The same, and nothing where the file says so already.
void update_text_file(const std::filesystem::path& file, std::string_view text);

void make_folders(const std::filesystem::path& folder);  // Error with path and reason

// A folder that is filled under a temporary name beside its target and appears at once.
// One that is not committed is removed; what a killed process left is removed by remove_pending().
class PendingFolder {
 public:
  explicit PendingFolder(std::filesystem::path target);
  ~PendingFolder();
  PendingFolder(const PendingFolder&) = delete;
  PendingFolder& operator=(const PendingFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void commit();  // syncs every file, then renames; Error if the target exists

 private:
  std::filesystem::path target_, path_;
  bool committed_ = false;
};

// Removes temporary folders of earlier processes from `parent`. Call only while holding the output's lock.
void remove_pending(const std::filesystem::path& parent);

}  // namespace umm
