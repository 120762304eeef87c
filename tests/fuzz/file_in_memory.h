// A file that lives in memory alone, for readers that want a path.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "umm/checkpoint.h"
#include "umm/error.h"

namespace umm {

class FileInMemory {
 public:
  FileInMemory() : descriptor_(memfd_create("fuzzed", 0)) {
    if (descriptor_ < 0) std::abort();
  }
  ~FileInMemory() { close(descriptor_); }
  FileInMemory(const FileInMemory&) = delete;
  FileInMemory& operator=(const FileInMemory&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

  void hold(const uint8_t* data, size_t size) {
    if (ftruncate(descriptor_, 0) != 0 || pwrite(descriptor_, data, size, 0) != static_cast<ssize_t>(size))
      std::abort();
  }

 private:
  int descriptor_;
};

// Reads every tensor. What is wrong with the file must come as an InputError; anything else is a finding.
template <typename Open>
void read_all(const uint8_t* data, size_t size, const Open& open) {
  static FileInMemory file;
  file.hold(data, size);
  try {
    const auto tensors = open(file.path());
    for (size_t i = 0; i < tensors->tensors().size(); ++i) tensors->read(i).clone();
  } catch (const InputError&) {
  }
}

}  // namespace umm
