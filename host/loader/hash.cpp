#include "loader/hash.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "loader/hash_memory.h"
#include "process/descriptor.h"
#include "umm/error.h"
#include "umm/sha256.h"

namespace umm {
namespace {

// A smaller file is read as fast as it is looked up.
constexpr uint64_t kRememberedBytes = uint64_t{1} << 20;

constexpr uint64_t kSmallestBuffer = uint64_t{1} << 12, kLargestBuffer = uint64_t{1} << 20;

class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& file)
      : path_(file), file_(open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat status {};
    UMM_CHECK_INPUT(file_.get() >= 0 && fstat(file_.get(), &status) == 0 && !S_ISDIR(status.st_mode),
                    file.string(), ": cannot be opened");
  }

  FileState state() const {
    struct stat status {};
    fstat(file_.get(), &status);
    return file_state(path_, status);
  }

  // Of all from its current place to its end.
  std::string hash() const {
    Sha256 hash;
    std::vector<char> buffer(std::clamp<uint64_t>(state().size, kSmallestBuffer, kLargestBuffer));
    ssize_t count = 0;
    while ((count = TEMP_FAILURE_RETRY(read(file_.get(), buffer.data(), buffer.size()))) > 0)
      hash.update({buffer.data(), static_cast<size_t>(count)});
    UMM_CHECK_INPUT(count == 0, path_.string(), ": cannot be read to its end: ", std::strerror(errno));
    return hash.hex();
  }

 private:
  std::filesystem::path path_;
  Descriptor file_;
};

}  // namespace

std::string hash_text(std::string_view text) {
  return sha256(text);
}

std::string hash_file(const std::filesystem::path& file) {
  static HashMemory memory(HashMemory::default_file());
  return hash_file(file, memory);
}

std::string hash_file(const std::filesystem::path& file, HashMemory& memory) {
  const InputFile input(file);
  const FileState before = input.state();
  if (before.size < kRememberedBytes) return input.hash();
  if (const auto known = memory.find(before)) return *known;
  const auto started = std::chrono::system_clock::now();
  const std::string hash = input.hash();
  if (input.state() == before) memory.remember(before, hash, started);
  return hash;
}

std::string hash_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::string> names;
  for (std::filesystem::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->is_regular_file(error))
      names.push_back(entry->path().lexically_relative(folder).generic_string());
  }
  UMM_CHECK_INPUT(!error, folder.string(), ": cannot be listed: ", error.message());
  std::sort(names.begin(), names.end());
  std::string listing;
  for (const std::string& name : names) {
    // The length first: no name can imitate the start of the next line.
    listing += std::to_string(name.size()) + " " + name + " " + hash_file(folder / name) + "\n";
  }
  return hash_text(listing);
}

}  // namespace umm
