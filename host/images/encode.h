// Pictures as bytes of files, in memory, and as text: what judges are sent.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "umm/image.h"
#include "umm/version.h"

namespace umm::images {

// What Pillow's save(format="JPEG") writes: baseline, 4:2:0, `quality` 1 to 100 (Pillow's default is 75).
// Throws Error for a picture that a JPEG cannot hold, above 65500 pixels a side.
UMM_API std::vector<uint8_t> encode_jpeg(const Image& image, int quality = 75);

// 8-bit RGB, without loss.
UMM_API std::vector<uint8_t> encode_png(const Image& image);

// RFC 4648, with padding and without line breaks.
UMM_API std::string base64(std::span<const uint8_t> bytes);

}  // namespace umm::images
