// A file that is read at any place by any number of threads: no call moves a position.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace umm::webdataset {

class PositionedFile {
 public:
  explicit PositionedFile(const std::string& path);  // throws InputError where it cannot be opened
  ~PositionedFile();
  PositionedFile(const PositionedFile&) = delete;
  PositionedFile& operator=(const PositionedFile&) = delete;

  int64_t num_bytes() const { return num_bytes_; }  // when it was opened

  // Tells the system that reading jumps, so that it fetches nothing ahead.
  void expect_jumps() const;

  // As many bytes as there are, at most `num_bytes`; -1 where reading failed, with the reason in errno.
  int64_t read_some(int64_t offset, void* bytes, int64_t num_bytes) const;

  // Exactly these bytes. Throws InputError, with `place` for what they are.
  std::vector<uint8_t> read(int64_t offset, int64_t num_bytes, const std::string& place) const;

 private:
  int descriptor_;
  int64_t num_bytes_ = 0;
};

}  // namespace umm::webdataset
