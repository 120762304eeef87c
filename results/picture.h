// A picture in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace umm::results {

struct Picture {
  int width = 0, height = 0;
  std::vector<uint8_t> rgb;  // rows from the top

  uint8_t* at(int x, int y) { return rgb.data() + 3 * (static_cast<size_t>(y) * width + x); }
  const uint8_t* at(int x, int y) const { return rgb.data() + 3 * (static_cast<size_t>(y) * width + x); }
};

// What a database says of a picture may not lead out of the database's folder.
bool stays_inside(const std::filesystem::path& path);

// At most `side` pixels a side, each the mean of those that it covers; a smaller picture as it is.
Picture reduced(const Picture& in, int side);

// On white where it is transparent. StoreError: it cannot be read.
Picture read_png(const std::filesystem::path& file);

}  // namespace umm::results
