// What requests are named by, and how they carry pictures.
#pragma once

#include <string>
#include <string_view>

namespace umm::openai {

std::string sha256_hex(std::string_view bytes);  // 64 lower-case digits
std::string base64(std::string_view bytes);

}  // namespace umm::openai
