// Code points and their classes, by ICU's tables.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "umm/version.h"

namespace umm::text {

// What the pre-tokenizers of the GPT-2 family tell apart. `newline` is CR or LF, and white space too.
enum class CharClass : uint8_t { other, letter, number, space, newline };

UMM_API CharClass char_class(char32_t code_point);

// UTF-8 with each maximal ill-formed part replaced by U+FFFD, as Python's errors="replace" does.
UMM_API std::string well_formed(std::string_view bytes);

// The code point at `position` of well-formed UTF-8; `position` moves behind it.
UMM_API char32_t next_code_point(std::string_view text, size_t& position);

// Unicode normalization form C of well-formed UTF-8.
UMM_API std::string nfc(std::string_view text);

}  // namespace umm::text
