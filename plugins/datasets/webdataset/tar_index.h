// What a tar file holds and where, without reading what its members hold.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "positioned_file.h"

namespace umm::webdataset {

struct TarMember {
  std::string name;  // as in the tar, without a leading "./"
  int64_t offset = 0, num_bytes = 0;
};

// The files in a tar, in its order; folders are left out. Every member lies whole in the file. Throws
// InputError naming `path`, the member and what is wrong: no tar, compressed, damaged, cut, members that are
// links or sparse.
std::vector<TarMember> read_tar_index(const PositionedFile& file, const std::string& path);

// How a compressed tar is unpacked, known by its name or by its first bytes: "gzip -dc"; "" for others.
std::string unpacking_command(const std::string& name);
std::string unpacking_command(const uint8_t* bytes, int64_t num_bytes);

}  // namespace umm::webdataset
