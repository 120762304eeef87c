// Any bytes are a picture of at most so many pixels, or an InputError.
#include <cstdlib>
#include <cstring>

#include "images/encode.h"
#include "images/picture_file.h"
#include "umm/error.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

uint32_t big_endian(const uint8_t* at) {
  return uint32_t{at[0]} << 24 | uint32_t{at[1]} << 16 | uint32_t{at[2]} << 8 | at[3];
}

uint32_t checksum(const uint8_t* data, size_t size) {
  uint32_t crc = 0xFFFFFFFF;
  for (size_t i = 0; i < size; ++i) {
    crc ^= data[i];
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

}  // namespace

// Chunks of PNGs keep a right checksum, or little would come past it.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned) {
  size = LLVMFuzzerMutate(data, size, max_size);
  if (size < 8 || std::memcmp(data, "\x89PNG", 4) != 0) return size;
  for (size_t at = 8; at + 12 <= size;) {
    const size_t length = big_endian(data + at);
    if (length > size - at - 12) break;
    const uint32_t crc = checksum(data + at + 4, length + 4);
    for (size_t i = 0; i < 4; ++i) data[at + 8 + length + i] = static_cast<uint8_t>(crc >> (24 - 8 * i));
    at += 12 + length;
  }
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr int64_t kMostPixels = 1 << 16;  // larger ones take time and show nothing new
  try {
    const umm::Image image =
        umm::images::decode_picture({data, size}, "fuzzed", {.upright = true, .most_pixels = kMostPixels});
    if (image.width * image.height > kMostPixels ||
        static_cast<int64_t>(image.rgb.size()) != image.width * image.height * 3)
      std::abort();
    static int64_t num_pictures = 0;
    if (++num_pictures % 64 == 0) umm::images::encode_jpeg(image);
  } catch (const umm::InputError&) {
  }
  return 0;
}
