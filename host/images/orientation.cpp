// Exif orientation: where each format keeps it, and what it asks for (CIPA DC-008, tag 0x0112).
#include <cstring>
#include <string_view>
#include <utility>

#include "images/formats.h"

namespace umm::images {
namespace {

constexpr std::string_view kExifMark{"Exif\0\0", 6};

bool begins(Bytes bytes, std::string_view mark) {
  return bytes.size() >= mark.size() && std::memcmp(bytes.data(), mark.data(), mark.size()) == 0;
}

Bytes without_mark(Bytes exif) {
  return begins(exif, kExifMark) ? exif.subspan(kExifMark.size()) : exif;
}

uint32_t number(Bytes bytes, size_t position, size_t num_bytes, bool big_endian) {
  uint32_t value = 0;
  for (size_t i = 0; i < num_bytes; ++i)
    value = value << 8 | bytes[position + (big_endian ? i : num_bytes - 1 - i)];
  return value;
}

}  // namespace

Bytes exif_in_png(Bytes bytes) {
  for (size_t at = 8; at + 12 <= bytes.size();) {  // length, name, contents, checksum
    const size_t length = number(bytes, at, 4, /*big_endian=*/true);
    if (length > bytes.size() - at - 12) break;
    if (begins(bytes.subspan(at + 4), "eXIf")) return without_mark(bytes.subspan(at + 8, length));
    at += 12 + length;
  }
  return {};
}

Bytes exif_in_jpeg(Bytes bytes) {
  constexpr uint8_t kApp1 = 0xE1, kStartOfScan = 0xDA, kEnd = 0xD9;
  for (size_t at = 2; at + 4 <= bytes.size();) {  // FF, marker, length with itself, contents
    if (bytes[at] != 0xFF) break;
    const uint8_t marker = bytes[at + 1];
    if (marker == 0xFF) {  // padding
      ++at;
      continue;
    }
    const size_t length = number(bytes, at + 2, 2, /*big_endian=*/true);
    if (marker == kStartOfScan || marker == kEnd || length < 2 || length > bytes.size() - at - 2) break;
    const Bytes contents = bytes.subspan(at + 4, length - 2);
    if (marker == kApp1 && begins(contents, kExifMark)) return without_mark(contents);
    at += 2 + length;
  }
  return {};
}

Bytes exif_in_webp(Bytes bytes) {
  for (size_t at = 12; at + 8 <= bytes.size();) {  // name, length, contents, padded to two bytes
    const size_t length = number(bytes, at + 4, 4, /*big_endian=*/false);
    if (length > bytes.size() - at - 8) break;
    if (begins(bytes.subspan(at), "EXIF")) return without_mark(bytes.subspan(at + 8, length));
    at += 8 + length + length % 2;
  }
  return {};
}

int orientation_in(Bytes exif) {
  constexpr uint32_t kOrientation = 0x0112, kByte = 1, kShort = 3, kLong = 4;
  if (exif.size() < 8 || (!begins(exif, "II") && !begins(exif, "MM"))) return 1;
  const bool big = exif[0] == 'M';
  const size_t directory = number(exif, 4, 4, big);
  if (number(exif, 2, 2, big) != 42 || directory > exif.size() - 2) return 1;
  const size_t num_entries = number(exif, directory, 2, big);
  for (size_t i = 0; i < num_entries; ++i) {
    const size_t at = directory + 2 + i * 12;  // tag, type, count, value
    if (at + 12 > exif.size()) break;
    if (number(exif, at, 2, big) != kOrientation) continue;
    const uint32_t type = number(exif, at + 2, 2, big);
    if (type != kByte && type != kShort && type != kLong) return 1;
    const uint32_t value = number(exif, at + 8, type == kByte ? 1 : type == kShort ? 2 : 4, big);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

Image turned_upright(Image image, int orientation) {
  if (orientation == 1) return image;
  // From 5 on, columns become rows. Then, which ends change places.
  const bool turns = orientation >= 5;
  const bool mirrors_x = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool mirrors_y = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  Image upright = turns ? make_image(image.height, image.width) : make_image(image.width, image.height);
  for (int64_t y = 0; y < upright.height; ++y)
    for (int64_t x = 0; x < upright.width; ++x) {
      int64_t from_x = mirrors_x ? upright.width - 1 - x : x;
      int64_t from_y = mirrors_y ? upright.height - 1 - y : y;
      if (turns) std::swap(from_x, from_y);
      std::memcpy(upright.pixel(x, y), image.pixel(from_x, from_y), 3);
    }
  return upright;
}

}  // namespace umm::images
