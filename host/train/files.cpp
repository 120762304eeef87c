#include "train/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "umm/error.h"
#include "umm/file.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

const std::string kPendingPrefix = ".pending-";

void sync_path(const fs::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  UMM_CHECK(descriptor >= 0, path.string(), ": cannot open to sync: ", std::strerror(errno));
  const int failed = fsync(descriptor);
  const int reason = errno;
  close(descriptor);
  // Some file systems cannot sync a folder; their renames are ordered anyway.
  UMM_CHECK(failed == 0 || reason == EINVAL, path.string(), ": cannot sync: ", std::strerror(reason));
}

void rename_path(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::rename(from, to, failed);
  UMM_CHECK(!failed, to.string(), ": cannot move a finished file or folder here: ", failed.message());
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

}  // namespace

void write_text_file(const fs::path& file, std::string_view text) {
  // Two processes may write one file; the later one wins, whole.
  const fs::path pending =
      folder_of(file) / (kPendingPrefix + std::to_string(getpid()) + "-" + file.filename().string());
  std::ofstream out(pending, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) {
    const int reason = errno;
    std::error_code ignored;
    fs::remove(pending, ignored);
    throw Error(detail::concat(file.string(), ": cannot be written: ", std::strerror(reason)));
  }
  sync_path(pending);
  rename_path(pending, file);
  sync_path(folder_of(file));
}

void update_text_file(const fs::path& file, std::string_view text) {
  if (!fs::exists(file) || read_file(file) != text) write_text_file(file, text);
}

void make_folders(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  UMM_CHECK(!failed && fs::is_directory(folder), folder.string(),
            ": cannot make this folder: ", failed ? failed.message() : "something else has its name");
}

PendingFolder::PendingFolder(fs::path target) : target_(std::move(target)) {
  path_ =
      folder_of(target_) / (kPendingPrefix + std::to_string(getpid()) + "-" + target_.filename().string());
  std::error_code failed;
  fs::remove_all(path_, failed);
  make_folders(path_);
}

PendingFolder::~PendingFolder() {
  std::error_code ignored;
  if (!committed_) fs::remove_all(path_, ignored);
}

void PendingFolder::commit() {
  for (const auto& entry : fs::directory_iterator(path_)) sync_path(entry.path());
  sync_path(path_);
  UMM_CHECK(!fs::exists(target_), target_.string(), ": exists already; it is never overwritten");
  rename_path(path_, target_);
  committed_ = true;
  sync_path(folder_of(target_));
}

void remove_pending(const fs::path& parent) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(parent, failed)) {
    std::error_code ignored;
    if (entry.path().filename().string().starts_with(kPendingPrefix)) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace umm
