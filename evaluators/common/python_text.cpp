// Python's view of text, see python_text.h.
#include "python_text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace umm::evaluators {
namespace {

constexpr UChar32 kNoCharacter = -1;  // what ICU gives for bytes that are not UTF-8

// The character at `at`, which moves behind it.
UChar32 next_character(std::string_view text, size_t& at) {
  const unsigned char first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return ++at, first;
  // ICU counts in int32_t; no character needs more than four bytes.
  const std::string_view bytes = text.substr(at, 4);
  int32_t used = 0;
  UChar32 character = kNoCharacter;
  U8_NEXT(reinterpret_cast<const uint8_t*>(bytes.data()), used, static_cast<int32_t>(bytes.size()),
          character);
  at += static_cast<size_t>(used);
  return character;
}

UChar32 previous_character(std::string_view text, size_t end) {
  const std::string_view bytes = text.substr(end < 4 ? 0 : end - 4, end < 4 ? end : 4);
  auto left = static_cast<int32_t>(bytes.size());
  UChar32 character = kNoCharacter;
  U8_PREV(reinterpret_cast<const uint8_t*>(bytes.data()), 0, left, character);
  return character;
}

bool ends_line(UChar32 c) {
  return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool is_blank(UChar32 c) {
  return (c >= 0x1C && c <= 0x1F) || (c >= 0 && u_hasBinaryProperty(c, UCHAR_WHITE_SPACE));
}

}  // namespace

std::string_view strip(std::string_view text) {
  size_t start = 0;
  for (size_t next = 0; start < text.size() && is_blank(next_character(text, next)); start = next) continue;
  text.remove_prefix(start);
  while (!text.empty()) {
    const UChar32 last = previous_character(text, text.size());
    if (!is_blank(last)) break;
    text.remove_suffix(static_cast<size_t>(U8_LENGTH(last)));
  }
  return text;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  size_t start = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = at;
    const UChar32 character = next_character(text, at);
    if (!ends_line(character)) continue;
    if (character == '\r' && at < text.size() && text[at] == '\n') ++at;
    lines.push_back(text.substr(start, end - start));
    start = at;
  }
  if (start < text.size()) lines.push_back(text.substr(start));
  return lines;
}

bool is_digits(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const UChar32 character = next_character(text, at);
    const int32_t kind = character < 0 ? U_NT_NONE : u_getIntPropertyValue(character, UCHAR_NUMERIC_TYPE);
    if (kind != U_NT_DECIMAL && kind != U_NT_DIGIT) return false;
  }
  return !text.empty();
}

std::optional<int64_t> integer(std::string_view text) {
  constexpr int64_t kLimit = 1'000'000'000;
  int64_t value = 0;
  for (size_t at = 0; at < text.size();) {
    const UChar32 character = next_character(text, at);
    const int32_t digit = character < 0 ? -1 : u_charDigitValue(character);
    if (digit < 0) return std::nullopt;
    value = 10 * value + digit;
    if (value >= kLimit) return std::nullopt;
  }
  if (text.empty()) return std::nullopt;
  return value;
}

}  // namespace umm::evaluators
