#include "score/plain_text.h"

#include <nlohmann/json.hpp>

namespace umm {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";  // U+FFFD

std::string as_utf8(const std::string& text) {
  using Json = nlohmann::json;
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
}

}  // namespace

std::string plain_text(const std::string& text) {
  const std::string utf8 = as_utf8(text);
  std::string plain;
  for (size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    const bool is_second =
        byte == 0xC2 && static_cast<unsigned char>(utf8[i + 1]) < 0xA0;  // U+0080 to U+009F
    if (byte == '\n' || byte == '\r')
      plain += ' ';
    else if (byte < 0x20 || byte == 0x7F || is_second)
      plain += kReplacement;
    else
      plain += utf8[i];
    i += is_second ? 1 : 0;
  }
  return plain;
}

}  // namespace umm
