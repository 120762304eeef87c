// The samples of one shard: members that share their name up to the first dot.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "positioned_file.h"

namespace umm::webdataset {

struct Extent {
  int64_t offset = 0, num_bytes = -1;  // in the shard; -1: there is none

  bool exists() const { return num_bytes >= 0; }
};

struct StoredSample {
  std::string key;                // "a/0007" of the members a/0007.jpg and a/0007.txt
  std::string picture_extension;  // "jpg", as it is written
  Extent picture, text, json;
};

// In the order in which keys come up first. `skips`: samples without a picture are left out; otherwise the
// first one is an InputError, as are two members of one name and two pictures of one key.
std::vector<StoredSample> read_shard(const PositionedFile& file, const std::string& path, bool skips);

}  // namespace umm::webdataset
