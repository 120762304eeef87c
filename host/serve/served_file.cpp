#include "serve/served_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vector>

#include "process/descriptor.h"

namespace umm {
namespace {

// Empty: the name is not plain.
std::vector<std::string> parts_of(std::string_view name) {
  std::vector<std::string> parts(1);
  for (const char c : name) {
    if (c == '\0' || c == '\\') return {};
    if (c == '/')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  for (const std::string& part : parts)
    if (part.empty() || part == "." || part == "..") return {};
  return parts;
}

}  // namespace

// Rationale: each part is opened from the one before it, without following links. A check of the whole path
// would be undone by whoever replaces a part of it between the check and the opening.
std::optional<std::string> read_below(const std::filesystem::path& folder, std::string_view name,
                                      size_t most_bytes) {
  const std::vector<std::string> parts = parts_of(name);
  if (parts.empty()) return std::nullopt;
  Descriptor at(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (size_t i = 0; i < parts.size() && at.get() >= 0; ++i) {
    // O_NONBLOCK: a FIFO must not make us wait.
    const int kind = i + 1 < parts.size() ? O_DIRECTORY : O_NONBLOCK;
    at = Descriptor(openat(at.get(), parts[i].c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind));
  }
  struct stat facts {};
  if (at.get() < 0 || fstat(at.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return std::nullopt;
  if (static_cast<size_t>(facts.st_size) > most_bytes) return std::nullopt;
  std::string content(static_cast<size_t>(facts.st_size), '\0');
  size_t size = 0;
  while (size < content.size()) {
    const ssize_t part = read(at.get(), content.data() + size, content.size() - size);
    if (part < 0) return std::nullopt;
    if (part == 0) break;
    size += static_cast<size_t>(part);
  }
  content.resize(size);
  return content;
}

}  // namespace umm
