#include "images/picture_file.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <fstream>

#include "images/formats.h"
#include "umm/error.h"

namespace umm::images {
namespace {

bool holds(Bytes bytes, size_t position, std::string_view signature) {
  return bytes.size() >= position + signature.size() &&
         std::memcmp(bytes.data() + position, signature.data(), signature.size()) == 0;
}

struct Format {
  bool (*is)(Bytes);
  Image (*decode)(Bytes, const std::string& place, int64_t most_pixels);
  Bytes (*exif)(Bytes);
};

constexpr Format kFormats[] = {{is_jpeg, decode_jpeg, exif_in_jpeg},
                               {is_png, decode_png, exif_in_png},
                               {is_webp, decode_webp, exif_in_webp}};

}  // namespace

bool is_png(Bytes bytes) {
  return holds(bytes, 0, "\x89PNG\r\n\x1A\n");
}

bool is_jpeg(Bytes bytes) {
  return holds(bytes, 0, "\xFF\xD8\xFF");
}

bool is_webp(Bytes bytes) {
  return holds(bytes, 0, "RIFF") && holds(bytes, 8, "WEBP");
}

void check_size(int64_t width, int64_t height, const std::string& place, int64_t most_pixels) {
  UMM_CHECK_INPUT(width > 0 && height > 0, place, ": a picture of ", width, " x ", height, " pixels");
  UMM_CHECK_INPUT(height <= most_pixels / width, place, ": the file declares ", width, " x ", height,
                  " pixels, and pictures of more than ", most_pixels,
                  " are not read, so that no file fills the memory; make the picture smaller");
}

std::vector<uint8_t> bytes_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
  // Of a folder, that opens too, the end is nowhere.
  constexpr std::streamoff kMostBytes = int64_t{1} << 40;
  UMM_CHECK_INPUT(size >= 0 && size < kMostBytes, path,
                  ": expected a picture, found no file that can be read");
  std::vector<uint8_t> bytes(static_cast<size_t>(size));
  file.seekg(0).read(reinterpret_cast<char*>(bytes.data()), size);
  UMM_CHECK_INPUT(file, path, ": expected a picture of ", size, " bytes, which could not all be read");
  return bytes;
}

Image decode_picture(Bytes bytes, const std::string& place, const Reading& reading) {
  for (const Format& format : kFormats) {
    if (!format.is(bytes)) continue;
    Image image = format.decode(bytes, place, reading.most_pixels);
    return reading.upright ? turned_upright(std::move(image), orientation_in(format.exif(bytes))) : image;
  }
  throw InputError(detail::concat(place, ": not a readable PNG, JPEG or WebP: its ", bytes.size(),
                                  " bytes begin as none of them; convert the picture"));
}

Image read_picture(const std::string& path, const Reading& reading) {
  return decode_picture(bytes_of_file(path), path, reading);
}

bool is_picture_extension(std::string_view extension) {
  std::string lower(extension);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower == "png" || lower == "jpg" || lower == "jpeg" || lower == "webp";
}

}  // namespace umm::images
