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
  size_t used = 0;
  for (ssize_t count = 1; count != 0; used += static_cast<size_t>(count)) {
    if (used == bytes.size()) bytes.resize(used + std::max(kPiece, used / 2));
    count = TEMP_FAILURE_RETRY(read(descriptor, bytes.data() + used, bytes.size() - used));
    UMM_CHECK_INPUT(count >= 0, file.string(), ": cannot be read to its end: ", std::strerror(errno));
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace umm
