// Reading of replies, see reply.h.
#include "reply.h"

#include <algorithm>
#include <charconv>

#include "python_text.h"
#include "umm/error.h"

namespace umm::imgedit {
namespace {

using evaluators::strip;

// What follows the only ": " of a line; nothing where it has none or several. (Behind it may come another
// blank: the published split takes any two characters ": " that do not overlap.)
std::optional<std::string_view> behind_only_colon(std::string_view line) {
  const size_t colon = line.find(": ");
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view rest = line.substr(colon + 2);
  if (rest.find(": ") != std::string_view::npos) return std::nullopt;
  return rest;
}

// Without marks of Markdown, which a judge may put anywhere in a line.
std::string without_marks(std::string_view line) {
  std::string text;
  for (const char c : line) {
    if (c != '*' && c != '_' && c != '`' && c != '#') text += c;
  }
  return text;
}

bool has_letter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
  });
}

// "4", "4.5", "4/5", "4 / 5.": the text in front of the denominator; nothing where `text` is no such thing.
struct Score {
  std::string_view number;
  std::string_view denominator;  // "" without one
};

std::string_view take_number(std::string_view& text) {
  size_t end = 0;
  const auto digit = [&] { return end < text.size() && text[end] >= '0' && text[end] <= '9'; };
  while (digit()) ++end;
  if (end > 0 && end + 1 < text.size() && text[end] == '.' && text[end + 1] >= '0' && text[end + 1] <= '9') {
    ++end;
    while (digit()) ++end;
  }
  const std::string_view number = text.substr(0, end);
  text = strip(text.substr(end));
  return number;
}

std::optional<Score> score_of(std::string_view text) {
  text = strip(text);
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  Score score{.number = take_number(text), .denominator = ""};
  if (score.number.empty()) return std::nullopt;
  // Its sign makes it a number that no scale has.
  if (negative) score.number = "-";
  if (text.starts_with('/')) {
    text = strip(text.substr(1));
    score.denominator = take_number(text);
    if (score.denominator.empty()) return std::nullopt;
  }
  if (text == ".") text = "";
  return text.empty() ? std::optional(score) : std::nullopt;
}

// What stands behind a line's last colon, if there is a name in front of it.
std::optional<Score> named_score(std::string_view line) {
  constexpr std::string_view kFullWidthColon = "\xEF\xBC\x9A";
  size_t colon = line.rfind(':');
  size_t length = 1;
  if (const size_t wide = line.rfind(kFullWidthColon); wide != std::string_view::npos) {
    if (colon == std::string_view::npos || wide > colon) colon = wide, length = kFullWidthColon.size();
  }
  if (colon == std::string_view::npos || !has_letter(line.substr(0, colon))) return std::nullopt;
  return score_of(line.substr(colon + length));
}

}  // namespace

Numbers parse_reference(std::string_view reply) {
  Numbers found;
  for (const std::string_view line : evaluators::split_lines(reply)) {
    const auto digits = behind_only_colon(strip(line));
    if (!digits || !evaluators::is_digits(*digits)) continue;
    const std::optional<int> number = evaluators::integer_up_to(999'999'999, *digits);
    if (!number) return {{}, "a line ends with digits that are no decimal number below 10^9"};
    found.values.push_back(*number);
  }
  if (found.values.empty()) found.problem = "expected lines \"name: number\", found none";
  return found;
}

Numbers parse_strict(std::string_view reply) {
  Numbers found;
  for (const std::string_view line : evaluators::split_lines(reply)) {
    const std::string plain = without_marks(line);
    const auto score = named_score(strip(plain));
    if (!score) continue;
    if (!score->denominator.empty() && score->denominator != "5") {
      return {
          {},
          detail::concat("expected numbers out of 5, found one out of ", score->denominator.substr(0, 20))};
    }
    const std::string_view number = score->number;
    if (number.size() != 1 || number[0] < '1' || number[0] > '5') {
      return {{}, detail::concat("expected whole numbers from 1 to 5, found ", number.substr(0, 20))};
    }
    found.values.push_back(number[0] - '0');
  }
  if (found.values.size() != 3) {
    return {{}, detail::concat("expected three lines \"name: number\", found ", found.values.size())};
  }
  return found;
}

std::vector<int64_t> capped(std::vector<int64_t> three) {
  for (int64_t& value : three) value = std::min(value, three.front());
  return three;
}

}  // namespace umm::imgedit
