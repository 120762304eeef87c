#include "umm/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "umm/error.h"

namespace umm {

// Not through a stream: one that copies a buffer (`<< in.rdbuf()`) does not tell an error from the end.
std::string read_file(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  UMM_CHECK_INPUT(descriptor >= 0, file.string(), ": cannot be read: ", std::strerror(errno));
  const std::shared_ptr<void> closes(nullptr, [descriptor](void*) { close(descriptor); });
  constexpr size_t kPiece = size_t{1} << 16;
  std::string bytes;
  for (ssize_t count = 1; count != 0;) {
    const size_t size = bytes.size();
    bytes.resize(size + std::max(kPiece, size / 2));
    count = TEMP_FAILURE_RETRY(read(descriptor, bytes.data() + size, bytes.size() - size));
    UMM_CHECK_INPUT(count >= 0, file.string(), ": cannot be read to its end: ", std::strerror(errno));
    bytes.resize(size + static_cast<size_t>(count));
  }
  return bytes;
}

}  // namespace umm
