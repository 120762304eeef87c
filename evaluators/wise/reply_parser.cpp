#include "reply_parser.h"

#include <array>
#include <vector>

#include "python_text.h"

namespace umm::wise {
namespace {

constexpr size_t kNone = std::string_view::npos;

// re.IGNORECASE for the letters of our names: beyond ASCII, three letters match s and i.
char32_t folded(char32_t code_point) {
  if (code_point >= 'A' && code_point <= 'Z') return code_point - 'A' + 'a';
  if (code_point == 0x17F) return 's';
  if (code_point == 0x130 || code_point == 0x131) return 'i';
  return code_point;
}

// The position behind `name` (lower case), if it stands at `position`.
size_t skip_name(std::string_view text, size_t position, std::string_view name) {
  for (const char letter : name) {
    if (position >= text.size()) return kNone;
    if (folded(evaluators::next_code_point(text, position)) != static_cast<char32_t>(letter)) return kNone;
  }
  return position;
}

// What may stand between a name and its digit: at most two stars, white space, a colon, white space.
size_t skip_to_digit(std::string_view text, size_t position, bool full_width_colon) {
  for (int stars = 0; stars < 2 && text.substr(position).starts_with('*'); ++stars) ++position;
  position = evaluators::skip_space(text, position);
  constexpr std::string_view kFullWidthColon = "\xEF\xBC\x9A";
  if (text.substr(position).starts_with(':'))
    ++position;
  else if (full_width_colon && text.substr(position).starts_with(kFullWidthColon))
    position += kFullWidthColon.size();
  return evaluators::skip_space(text, position);
}

// Lines that are a lone digit up to `largest`, with white space around it.
std::vector<int> lone_digits(std::string_view text, int largest) {
  std::vector<int> digits;
  while (true) {
    const size_t end = text.find('\n');
    const std::string_view line = evaluators::strip(text.substr(0, end));
    if (line.size() == 1 && line[0] >= '0' && line[0] <= '0' + largest) digits.push_back(line[0] - '0');
    if (end == kNone) return digits;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

ThreeScores parse_three_scores(std::string_view text, Dialect dialect) {
  constexpr std::array<std::string_view, 3> kNames = {"consistency", "realism", "aesthetic quality"};
  ThreeScores scores;
  std::optional<int>* const fields[] = {&scores.consistency, &scores.realism, &scores.aesthetic_quality};
  bool any_named = false;
  for (size_t position = 0; position < text.size();) {
    size_t behind = position;
    for (size_t index = 0; index < kNames.size(); ++index) {
      const size_t name_end = skip_name(text, position, kNames[index]);
      if (name_end == kNone) continue;
      size_t digit_end = skip_to_digit(text, name_end, dialect == Dialect::reca);
      if (digit_end >= text.size()) break;
      const std::optional<int> digit =
          evaluators::decimal_digit(evaluators::next_code_point(text, digit_end));
      if (!digit) break;
      any_named = true;
      // Spelt with one of the three letters beyond ASCII it is found, yet it is none of the reference's keys.
      if (name_end - position == kNames[index].size()) *fields[index] = digit;
      behind = digit_end;
      break;
    }
    if (behind == position) evaluators::next_code_point(text, behind);
    position = behind;
  }
  if (any_named || dialect == Dialect::reca) return scores;
  const std::vector<int> digits = lone_digits(text, 2);
  if (digits.size() >= 3)
    for (size_t index = 0; index < 3; ++index) *fields[index] = digits[index];
  return scores;
}

std::optional<int> parse_binary_score(std::string_view text) {
  for (size_t position = 0; position < text.size(); evaluators::next_code_point(text, position)) {
    const size_t name_end = skip_name(text, position, "score");
    if (name_end == kNone) continue;
    const size_t digit = skip_to_digit(text, name_end, false);
    if (digit >= text.size() || (text[digit] != '0' && text[digit] != '1')) continue;
    size_t behind = digit + 1;
    const bool word_ends = behind == text.size() || !evaluators::is_alphanumeric_or_underscore(
                                                        evaluators::next_code_point(text, behind));
    if (word_ends) return text[digit] - '0';
  }
  const std::vector<int> digits = lone_digits(text, 1);
  return digits.size() == 1 ? std::optional(digits[0]) : std::nullopt;
}

std::string without_thoughts(std::string_view text) {
  constexpr std::string_view kOpen = "<think>", kClose = "</think>";
  // Pairs first, then closing tags that are left over, each with the white space behind it.
  std::string unpaired;
  while (true) {
    const size_t open = text.find(kOpen);
    const size_t close = open == kNone ? kNone : text.find(kClose, open + kOpen.size());
    if (close == kNone) break;
    unpaired += text.substr(0, open);
    text.remove_prefix(evaluators::skip_space(text, close + kClose.size()));
  }
  unpaired += text;
  std::string clean;
  std::string_view rest = unpaired;
  for (size_t close = rest.find(kClose); close != kNone; close = rest.find(kClose)) {
    clean += rest.substr(0, close);
    rest.remove_prefix(evaluators::skip_space(rest, close + kClose.size()));
  }
  clean += rest;
  return std::string(evaluators::strip(clean));
}

}  // namespace umm::wise
