// Files of a folder, for whoever asks over a network.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace umm {

// The content of a regular file below `folder`. nullopt: there is none of this name, it is larger than
// `most_bytes`, or the name is not plain: absolute, with "." or "..", an empty part, a NUL or a backslash. No
// symbolic link below `folder` is followed, so nothing that lies elsewhere can be reached.
std::optional<std::string> read_below(const std::filesystem::path& folder, std::string_view name,
                                      size_t most_bytes);

}  // namespace umm
