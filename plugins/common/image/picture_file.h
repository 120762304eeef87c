// Pictures in files of the usual formats.
#pragma once

#include <string>

#include "umm/image.h"
#include "umm/version.h"

namespace umm::image {

// PNG or JPEG, told apart by content; grey becomes RGB, alpha is dropped. Throws InputError naming the file
// and what is wrong with it.
UMM_API Image read_picture(const std::string& path);

}  // namespace umm::image
