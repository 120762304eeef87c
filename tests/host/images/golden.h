// What Pillow and OpenCV made: tests/data/image/golden.safetensors, by tests/parity/image/make_golden.py.
#pragma once

#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "umm/image.h"

namespace umm::images {

inline const std::filesystem::path kFolder = std::filesystem::path(UMM_SOURCE_DIR) / "tests/data/image";

struct Golden {
  std::vector<int64_t> shape;
  std::vector<uint8_t> bytes;

  int64_t height() const { return shape.at(0); }
  int64_t width() const { return shape.at(1); }
};

// Read here, because the SDK's reader needs LibTorch: the length of a JSON, the JSON, the bytes.
inline const std::map<std::string, Golden>& golden() {
  static const auto all = [] {
    std::ifstream file(kFolder / "golden.safetensors", std::ios::binary);
    uint64_t length = 0;
    file.read(reinterpret_cast<char*>(&length), sizeof length);
    std::string text(length, ' ');
    file.read(text.data(), static_cast<std::streamsize>(length));
    const std::vector<uint8_t> bytes((std::istreambuf_iterator<char>(file)), {});
    const auto header = nlohmann::json::parse(text);
    std::map<std::string, Golden> found;
    for (const auto& [name, entry] : header.items()) {
      if (entry.at("dtype") != "U8") throw std::runtime_error(name + ": expected bytes");
      const int64_t begin = entry.at("data_offsets").at(0), end = entry.at("data_offsets").at(1);
      found[name] = {entry.at("shape"), {bytes.begin() + begin, bytes.begin() + end}};
    }
    return found;
  }();
  return all;
}

// Those whose names begin so, by what follows.
inline std::map<std::string, Golden> golden_of(const std::string& prefix) {
  std::map<std::string, Golden> found;
  for (const auto& [name, value] : golden())
    if (name.starts_with(prefix)) found[name.substr(prefix.size())] = value;
  return found;
}

inline bool equal(const Image& image, const Golden& expected) {
  return image.width == expected.width() && image.height == expected.height() && image.rgb == expected.bytes;
}

}  // namespace umm::images
