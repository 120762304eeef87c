// Python's view of text over ICU, see python_text.h.
#include "python_text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

namespace umm::evaluators {
namespace {

constexpr size_t kMaxDigits = 4300;  // int() of longer text raises since Python 3.11

char32_t previous_code_point(std::string_view text, size_t& position) {
  // ICU's index has 32 bits here; no code point has more than four bytes.
  const size_t begin = position - std::min<size_t>(position, U8_MAX_LENGTH);
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data()) + begin;
  auto index = static_cast<int32_t>(position - begin);
  UChar32 code_point = 0;
  U8_PREV_OR_FFFD(bytes, 0, index, code_point);
  position = begin + static_cast<size_t>(index);
  return static_cast<char32_t>(code_point);
}

UChar32 icu(char32_t code_point) {
  return static_cast<UChar32>(code_point);
}

// The four separators are space to str, and not to int.
bool is_separator(char32_t code_point) {
  return code_point >= 0x1C && code_point <= 0x1F;
}

bool is_space_to_int(char32_t code_point) {
  return is_space(code_point) && !is_separator(code_point);
}

bool ends_line(char32_t c) {
  return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

size_t skip(std::string_view text, size_t position, bool (*is_skipped)(char32_t)) {
  while (position < text.size()) {
    size_t behind = position;
    if (!is_skipped(next_code_point(text, behind))) break;
    position = behind;
  }
  return position;
}

std::string_view strip(std::string_view text, bool (*is_stripped)(char32_t)) {
  text.remove_prefix(skip(text, 0, is_stripped));
  while (!text.empty()) {
    size_t position = text.size();
    if (!is_stripped(previous_code_point(text, position))) break;
    text = text.substr(0, position);
  }
  return text;
}

}  // namespace

char32_t next_code_point(std::string_view text, size_t& position) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int64_t>(text.size());
  auto index = static_cast<int64_t>(position);
  UChar32 code_point = 0;
  U8_NEXT_OR_FFFD(bytes, index, size, code_point);
  position = static_cast<size_t>(index);
  return static_cast<char32_t>(code_point);
}

bool is_space(char32_t code_point) {
  return is_separator(code_point) || u_isUWhiteSpace(icu(code_point)) != 0;
}

bool is_alphanumeric_or_underscore(char32_t code_point) {
  return code_point == '_' || (U_GET_GC_MASK(icu(code_point)) & (U_GC_L_MASK | U_GC_N_MASK)) != 0;
}

bool is_unicode_word(char32_t code_point) {
  return u_hasBinaryProperty(icu(code_point), UCHAR_ALPHABETIC) != 0 ||
         (U_GET_GC_MASK(icu(code_point)) & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) != 0 ||
         u_hasBinaryProperty(icu(code_point), UCHAR_JOIN_CONTROL) != 0;
}

std::optional<int> decimal_digit(char32_t code_point) {
  if (code_point >= '0' && code_point <= '9') return static_cast<int>(code_point - '0');
  if (code_point < 0x80 || u_charType(icu(code_point)) != U_DECIMAL_DIGIT_NUMBER) return std::nullopt;
  return u_charDigitValue(icu(code_point));
}

size_t skip_space(std::string_view text, size_t position) {
  return skip(text, position, is_space);
}

std::string_view strip(std::string_view text) {
  return strip(text, is_space);
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  size_t start = 0;
  for (size_t position = 0; position < text.size();) {
    const size_t end = position;
    const char32_t code_point = next_code_point(text, position);
    if (!ends_line(code_point)) continue;
    if (code_point == '\r' && position < text.size() && text[position] == '\n') ++position;
    lines.push_back(text.substr(start, end - start));
    start = position;
  }
  if (start < text.size()) lines.push_back(text.substr(start));
  return lines;
}

bool is_digits(std::string_view text) {
  for (size_t position = 0; position < text.size();) {
    const int32_t kind = u_getIntPropertyValue(icu(next_code_point(text, position)), UCHAR_NUMERIC_TYPE);
    if (kind != U_NT_DECIMAL && kind != U_NT_DIGIT) return false;
  }
  return !text.empty();
}

std::optional<int> integer_up_to(int largest, std::string_view text) {
  text = strip(text, is_space_to_int);
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  int64_t value = 0;
  size_t num_digits = 0;
  bool after_digit = false;
  for (size_t position = 0; position < text.size();) {
    const char32_t code_point = next_code_point(text, position);
    if (code_point == '_' && after_digit) {
      after_digit = false;
      continue;
    }
    const std::optional<int> digit = decimal_digit(code_point);
    if (!digit || ++num_digits > kMaxDigits) return std::nullopt;
    after_digit = true;
    value = std::min<int64_t>(value * 10 + *digit, int64_t{largest} + 1);
  }
  if (!after_digit || value > largest || (is_negative && value != 0)) return std::nullopt;
  return static_cast<int>(value);
}

}  // namespace umm::evaluators
