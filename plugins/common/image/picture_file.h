// Pictures in files of the usual formats.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "umm/image.h"
#include "umm/version.h"

namespace umm::image {

// PNG, JPEG or WebP, told apart by content; grey becomes RGB, alpha is dropped. Throws InputError naming the
// file and what is wrong with it.
UMM_API Image read_picture(const std::string& path);

// The same for a file's bytes. `place` says in messages where they are from: "a.tar: member `7.jpg`".
UMM_API Image decode_picture(const std::vector<uint8_t>& bytes, const std::string& place);

// Whether files with this extension are pictures that can be read: png, jpg, jpeg and webp, in any case.
UMM_API bool is_picture_extension(std::string_view extension);

}  // namespace umm::image
