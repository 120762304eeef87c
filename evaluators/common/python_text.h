// Text as Python's str and its regular expressions see it: reference scorers are written in Python, and what
// they take for a blank, a line end or a digit decides scores. Input is UTF-8; each ill-formed part counts as
// one U+FFFD, which is none of these.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace umm::evaluators {

// The code point at `position`, which moves behind it.
char32_t next_code_point(std::string_view text, size_t& position);

bool is_space(char32_t code_point);                       // str.isspace(); \s of re
bool is_alphanumeric_or_underscore(char32_t code_point);  // \w of re
bool is_unicode_word(char32_t code_point);                // \w of the package regex: marks and joiners too
std::optional<int> decimal_digit(char32_t code_point);    // \d: 0..9 in any script

// The position of the first code point from `position` on that is no white space.
size_t skip_space(std::string_view text, size_t position);

// str.strip(): without the white space at both ends.
std::string_view strip(std::string_view text);

// str.splitlines(): CR, CRLF, vertical tab, form feed, U+001C to U+001E, U+0085, U+2028 and U+2029 end lines
// too.
std::vector<std::string_view> split_lines(std::string_view text);

// str.isdigit(): not empty, all digits of any script, superscripts and circled ones among them.
bool is_digits(std::string_view text);

// int(text), with white space, sign, underscores and digits of any script. None where Python raises
// ValueError, and where the value is not within 0..`largest`.
std::optional<int> integer_up_to(int largest, std::string_view text);

}  // namespace umm::evaluators
