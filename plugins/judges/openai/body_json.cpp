#include "body_json.h"

#include <charconv>
#include <optional>
#include <string_view>

namespace umm::openai {
namespace {

using json::Json;

constexpr size_t kEscapeSize = 6;  // \ud83d
constexpr const char* kReplacement = "\\ufffd";

std::optional<unsigned> escaped_unit(std::string_view text, size_t position) {
  const std::string_view escape = text.substr(position, kEscapeSize);
  unsigned unit = 0;
  if (escape.size() < kEscapeSize || !escape.starts_with("\\u")) return std::nullopt;
  const auto [end, error] = std::from_chars(escape.data() + 2, escape.data() + kEscapeSize, unit, 16);
  return error == std::errc() && end == escape.data() + kEscapeSize ? std::optional(unit) : std::nullopt;
}

bool is_high(std::optional<unsigned> unit) {
  return unit && *unit >= 0xD800 && *unit < 0xDC00;
}
bool is_low(std::optional<unsigned> unit) {
  return unit && *unit >= 0xDC00 && *unit < 0xE000;
}

// Python's json.dumps writes half a pair where its text holds one; JSON's grammar allows it.
std::string without_half_pairs(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t position = 0; position < text.size();) {
    const auto unit = escaped_unit(text, position);
    size_t size = text[position] == '\\' ? 2 : 1;  // of an escape, its second character begins none
    if (is_high(unit) && is_low(escaped_unit(text, position + kEscapeSize)))
      size = 2 * kEscapeSize;
    else if (unit)
      size = kEscapeSize;
    if (size == kEscapeSize && (is_high(unit) || is_low(unit)))
      out += kReplacement;
    else
      out += text.substr(position, size);
    position += size;
  }
  return out;
}

std::string well_formed(const std::string& text) {
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
}

}  // namespace

Json body_json(const std::string& body) {
  Json value = json::parse_or_discard(body);
  return value.is_discarded() ? json::parse_or_discard(without_half_pairs(well_formed(body))) : value;
}

}  // namespace umm::openai
