#include "results/writer_lock.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>

#include "results/database.h"

namespace umm::results {
namespace {

std::string read_start(int descriptor) {
  std::array<char, 256> text{};
  ssize_t size = pread(descriptor, text.data(), text.size(), 0);
  return size > 0 ? std::string(text.data(), static_cast<size_t>(size)) : "another process";
}

bool same_file(int descriptor, const std::string& path) {
  struct stat opened {
  }, named{};
  return fstat(descriptor, &opened) == 0 && stat(path.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

}  // namespace

WriterLock::WriterLock(const std::string& database_path) : path_(database_path + ".lock") {
  // The holder removes the file before it unlocks, so a lock on a file without a name is worth nothing.
  while (true) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0) {
      throw StoreError(fmt::format(
          "{}: cannot be opened for writing: {} ({}). Its folder must exist and be writable; choose another "
          "output folder, or make this one writable.",
          database_path, std::strerror(errno), path_));
    }
    if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      std::string holder = read_start(descriptor_);
      ::close(descriptor_);
      throw StoreError(fmt::format(
          "{}: another writer holds this database: {}. Wait until it ends, stop it, or use another database.",
          database_path, holder));
    }
    if (same_file(descriptor_, path_)) break;
    ::close(descriptor_);
  }
  std::string holder = fmt::format("process {} on {} since {:%Y-%m-%dT%H:%M:%SZ}", getpid(), host_name(),
                                   fmt::gmtime(std::time(nullptr)));
  // Only a courtesy to whoever comes second: a failure here (disk full) leaves the lock as good as before.
  if (ftruncate(descriptor_, 0) != 0 || pwrite(descriptor_, holder.data(), holder.size(), 0) < 0) return;
}

WriterLock::~WriterLock() {
  ::unlink(path_.c_str());
  ::close(descriptor_);
}

std::string describe_lock_holder(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return "another process";
  std::string inode = fmt::format(":{}", status.st_ino);
  std::ifstream locks("/proc/locks");  // "1: POSIX  ADVISORY  WRITE 4711 08:01:1234567 0 EOF"
  for (std::string line; std::getline(locks, line);) {
    std::istringstream fields(line);
    std::string number, type, mode, access, file;
    pid_t process = 0;
    fields >> number >> type >> mode >> access >> process >> file;
    if (!fields || process <= 0 || process == getpid() || !file.ends_with(inode)) continue;
    std::ifstream command(fmt::format("/proc/{}/comm", process));
    std::string name;
    std::getline(command, name);
    return fmt::format("process {} ({})", process, name.empty() ? "on another machine?" : name);
  }
  return "another process";
}

}  // namespace umm::results
