#include "text/unicode.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <span>

#include "umm/error.h"

namespace umm::text {
namespace {

struct Range {
  char32_t first, last;
};

// Letters and numbers of Unicode 15.1 and 16.0, which the reference tokenizers know and ICU 72 does not.
constexpr Range kNewerLetters[] = {
    {0x1C89, 0x1C8A},   {0xA7CB, 0xA7CD},   {0xA7DA, 0xA7DC},   {0x105C0, 0x105F3}, {0x10D4A, 0x10D65},
    {0x10D6F, 0x10D85}, {0x10EC2, 0x10EC4}, {0x11380, 0x11389}, {0x1138B, 0x1138B}, {0x1138E, 0x1138E},
    {0x11390, 0x113B5}, {0x113B7, 0x113B7}, {0x113D1, 0x113D1}, {0x113D3, 0x113D3}, {0x11BC0, 0x11BE0},
    {0x13460, 0x143FA}, {0x16100, 0x1611D}, {0x16D40, 0x16D6C}, {0x18CFF, 0x18CFF}, {0x1E5D0, 0x1E5ED},
    {0x1E5F0, 0x1E5F0}, {0x2EBF0, 0x2EE5D}};
constexpr Range kNewerNumbers[] = {{0x10D40, 0x10D49}, {0x116D0, 0x116E3}, {0x11BF0, 0x11BF9},
                                   {0x16130, 0x16139}, {0x16D70, 0x16D79}, {0x1CCF0, 0x1CCF9},
                                   {0x1E5F1, 0x1E5FA}};

bool is_within(std::span<const Range> ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& range) { return range.first <= c && c <= range.last; });
}

CharClass class_by_tables(char32_t code_point) {
  const auto c = static_cast<UChar32>(code_point);
  if (c == '\r' || c == '\n') return CharClass::newline;
  if (u_isUWhiteSpace(c)) return CharClass::space;
  const uint32_t category = U_GET_GC_MASK(c);
  if (category & U_GC_L_MASK) return CharClass::letter;
  if (category & U_GC_N_MASK) return CharClass::number;
  if (!(category & U_GC_CN_MASK)) return CharClass::other;
  if (is_within(kNewerLetters, code_point)) return CharClass::letter;
  if (is_within(kNewerNumbers, code_point)) return CharClass::number;
  return CharClass::other;
}

// Nearly all of what is read lies in the first planes' beginning.
const std::array<CharClass, 0x3000>& small_classes() {
  static const auto classes = [] {
    std::array<CharClass, 0x3000> table;
    for (char32_t c = 0; c < table.size(); ++c) table[c] = class_by_tables(c);
    return table;
  }();
  return classes;
}

}  // namespace

CharClass char_class(char32_t code_point) {
  const auto& small = small_classes();
  return code_point < small.size() ? small[code_point] : class_by_tables(code_point);
}

std::string well_formed(std::string_view bytes) {
  const auto* text = reinterpret_cast<const uint8_t*>(bytes.data());
  const auto length = static_cast<int32_t>(bytes.size());
  UMM_CHECK(bytes.size() < (size_t{1} << 30), "a text of ", bytes.size(), " bytes is too long to tokenize");
  std::string whole;
  for (int32_t i = 0; i < length;) {
    const int32_t begin = i;
    UChar32 c = 0;
    U8_NEXT(text, i, length, c);
    if (c < 0)
      whole += "\xEF\xBF\xBD";
    else
      whole.append(bytes.substr(static_cast<size_t>(begin), static_cast<size_t>(i - begin)));
  }
  return whole;
}

char32_t next_code_point(std::string_view text, size_t& position) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  UChar32 c = 0;
  U8_NEXT_UNSAFE(bytes, position, c);
  return static_cast<char32_t>(c);
}

std::string nfc(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFCInstance(status);
  UMM_CHECK(U_SUCCESS(status), "ICU has no NFC data: ", u_errorName(status));
  std::string normalized;
  icu::StringByteSink<std::string> sink(&normalized, static_cast<int32_t>(text.size()));
  normalizer->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink,
                            nullptr, status);
  UMM_CHECK(U_SUCCESS(status), "NFC: ", u_errorName(status));
  return normalized;
}

}  // namespace umm::text
