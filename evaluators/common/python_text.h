// Text in UTF-8 as Python's str methods see it: reference scorers are written in Python, and what they take
// for a blank, a line end or a digit decides scores. Bytes that are not UTF-8 are ordinary characters: no
// blank, no digit.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace umm::evaluators {

// str.strip(): without the blanks at both ends.
std::string_view strip(std::string_view text);

// str.splitlines(): CR, CRLF, vertical tab, form feed, U+001C to U+001E, U+0085, U+2028 and U+2029 end lines
// too.
std::vector<std::string_view> split_lines(std::string_view text);

// str.isdigit(): not empty, all digits of any script, superscripts and circled ones among them.
bool is_digits(std::string_view text);

// int() of a text of digits. Nothing where Python raises ValueError (a superscript is no decimal digit), and
// for numbers of 10^9 and more, so that sums stay exact.
std::optional<int64_t> integer(std::string_view text);

}  // namespace umm::evaluators
