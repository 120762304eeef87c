// Pictures in files of the usual formats, decoded as Pillow's convert("RGB") gives them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "umm/image.h"
#include "umm/version.h"

namespace umm::images {

struct Reading {
  // Turned and mirrored as the Exif orientation in the file says, as Pillow's ImageOps.exif_transpose; an
  // orientation that stands in XMP alone is not seen.
  bool upright = false;
  // Pictures that declare more are refused before memory is taken. The default is where Pillow refuses.
  int64_t most_pixels = 178'956'970;
};

// PNG, JPEG or WebP, told apart by content. Grey becomes RGB; alpha and colour profiles are dropped; of 16
// bits the upper 8 stay, of grey 16 bits values above 255 are white; CMYK is Adobe's, inverted. Throws
// InputError naming the file and what is wrong with it: damage, too many pixels, a WebP that moves.
UMM_API Image read_picture(const std::string& path, const Reading& reading = {});

// The same for a file's bytes. `place` says in messages where they are from: "a.tar: member `7.jpg`".
UMM_API Image decode_picture(std::span<const uint8_t> bytes, const std::string& place,
                             const Reading& reading = {});

// Whether files with this extension are pictures that can be read: png, jpg, jpeg and webp, in any case.
UMM_API bool is_picture_extension(std::string_view extension);

}  // namespace umm::images
