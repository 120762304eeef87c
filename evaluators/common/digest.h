// What files in a git repository are known by.
#pragma once

#include <string>
#include <string_view>

namespace umm::evaluators {

// The name that git gives to a file's content: SHA-1 over "blob <size>", a zero byte and the bytes.
std::string git_blob_id(std::string_view bytes);

}  // namespace umm::evaluators
