// Every member that the index of a shard tells of lies in it, and can be read.
#include <cstdio>
#include <cstring>

#include "file_in_memory.h"
#include "shard.h"
#include "tar_index.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

// Headers keep a right checksum, or little would come past it.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned) {
  size = LLVMFuzzerMutate(data, size, max_size);
  for (uint8_t* block = data; block + 512 <= data + size; block += 512) {
    if (std::memcmp(block + 257, "ustar", 5) != 0) continue;
    std::memset(block + 148, ' ', 8);  // the checksum counts itself as spaces
    unsigned sum = 0;
    for (int i = 0; i < 512; ++i) sum += block[i];
    std::snprintf(reinterpret_cast<char*>(block + 148), 8, "%06o", sum);
  }
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace umm::webdataset;
  static umm::FileInMemory shard;
  shard.hold(data, size);
  try {
    const PositionedFile file(shard.path());
    for (const TarMember& member : read_tar_index(file, "fuzzed.tar")) {
      if (member.offset < 0 || member.num_bytes < 0) std::abort();
      file.read(member.offset, member.num_bytes, member.name);
    }
    for (const StoredSample& sample : read_shard(file, "fuzzed.tar", /*skips=*/true))
      file.read(sample.picture.offset, sample.picture.num_bytes, sample.key);
  } catch (const umm::InputError&) {
  }
  return 0;
}
