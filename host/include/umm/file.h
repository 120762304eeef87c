// Files as bytes.
#pragma once

#include <filesystem>
#include <string>

#include "umm/version.h"

namespace umm {

// All of a file. InputError, which names it, where it cannot be read to its end.
UMM_API std::string read_file(const std::filesystem::path& file);

}  // namespace umm
