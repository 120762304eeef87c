#include "positioned_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "umm/error.h"

namespace umm::webdataset {

PositionedFile::PositionedFile(const std::string& path)
    : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  UMM_CHECK_INPUT(descriptor_ >= 0, path, ": cannot be opened: ", std::strerror(errno));
  struct stat status {};
  if (fstat(descriptor_, &status) == 0) num_bytes_ = status.st_size;
}

PositionedFile::~PositionedFile() {
  close(descriptor_);
}

void PositionedFile::expect_jumps() const {
  posix_fadvise(descriptor_, 0, 0, POSIX_FADV_RANDOM);
}

int64_t PositionedFile::read_some(int64_t offset, void* bytes, int64_t num_bytes) const {
  int64_t done = 0;
  while (done < num_bytes) {
    const ssize_t count = pread(descriptor_, static_cast<uint8_t*>(bytes) + done,
                                static_cast<size_t>(num_bytes - done), offset + done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -1;
    if (count == 0) break;
    done += count;
  }
  return done;
}

std::vector<uint8_t> PositionedFile::read(int64_t offset, int64_t num_bytes, const std::string& place) const {
  std::vector<uint8_t> bytes(static_cast<size_t>(num_bytes));
  const int64_t count = read_some(offset, bytes.data(), num_bytes);
  UMM_CHECK_INPUT(count >= 0, place, ": cannot be read: ", std::strerror(errno));
  UMM_CHECK_INPUT(count == num_bytes, place, ": expected ", num_bytes, " bytes, found ", count,
                  " before the file ends");
  return bytes;
}

}  // namespace umm::webdataset
