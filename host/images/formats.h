// One reader for each format; picture_file.h chooses.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "umm/image.h"

namespace umm::images {

using Bytes = std::span<const uint8_t>;

bool is_png(Bytes bytes);
bool is_jpeg(Bytes bytes);
bool is_webp(Bytes bytes);

// Throw InputError beginning with `place` where the bytes are no whole picture of the format, or declare
// more than `most_pixels`.
Image decode_png(Bytes bytes, const std::string& place, int64_t most_pixels);
Image decode_jpeg(Bytes bytes, const std::string& place, int64_t most_pixels);
Image decode_webp(Bytes bytes, const std::string& place, int64_t most_pixels);

// Throws InputError where a header declares too much.
void check_size(int64_t width, int64_t height, const std::string& place, int64_t most_pixels);

// The bytes of a file. Throws InputError where there is none that can be read.
std::vector<uint8_t> bytes_of_file(const std::string& path);

// Where the Exif data (a TIFF) of a picture lies in its bytes; empty where it has none. Nothing is decoded.
Bytes exif_in_png(Bytes bytes);
Bytes exif_in_jpeg(Bytes bytes);
Bytes exif_in_webp(Bytes bytes);

// 1 to 8, as Exif numbers them; 1, upright, where it is not said or not understood.
int orientation_in(Bytes exif);

// The picture that a viewer shows who knows its orientation.
Image turned_upright(Image image, int orientation);

}  // namespace umm::images
