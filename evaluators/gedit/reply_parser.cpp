#include "reply_parser.h"

#include <algorithm>
#include <optional>

#include "python_text.h"
#include "score_object.h"

namespace umm::gedit {
namespace {

constexpr std::string_view kDelimiter = "||V^=^V||";
constexpr size_t kNone = std::string_view::npos;

ParsedReply none(std::string reason) {
  return {.found = Found::none, .reason = std::move(reason)};
}

// What stands between two delimiters; none unless there are exactly two.
std::optional<std::string_view> delimited(std::string_view text) {
  int count = 0;
  for (size_t at = text.find(kDelimiter); at != kNone && count < 3; ++count)
    at = text.find(kDelimiter, at + kDelimiter.size());
  if (count != 2) return std::nullopt;
  const size_t begin = text.find(kDelimiter) + kDelimiter.size();
  return text.substr(begin, text.rfind(kDelimiter) - begin);
}

size_t skip_digits(std::string_view text, size_t position) {
  for (size_t behind = position; position < text.size(); position = behind) {
    if (!evaluators::decimal_digit(evaluators::next_code_point(text, behind))) break;
  }
  return position;
}

// [digits,digits] with at most one space.
bool is_pair(std::string_view text) {
  if (!text.starts_with('[')) return false;
  const size_t comma = skip_digits(text, 1);
  if (comma == 1 || comma >= text.size() || text[comma] != ',') return false;
  const size_t second = comma + (text.substr(comma + 1).starts_with(' ') ? 2 : 1);
  const size_t end = skip_digits(text, second);
  return end > second && text.substr(end) == "]";
}

ParsedReply parse_without_braces(std::string_view text) {
  const size_t open = text.find('['), close = text.rfind(']');
  if (open != kNone && close != kNone && open < close) {
    const std::string_view list = text.substr(open, close - open + 1);
    if (is_pair(list)) {
      const ScoreObject found = read_score_object("{\"score\":" + std::string(list) + "}");
      if (found.has_score) return {.scores = found.scores};
      return none("a list whose numbers are not JSON's");
    }
  }
  if (const std::optional<int> score = evaluators::integer_up_to(10, text))
    return {.scores = {static_cast<double>(*score)}};
  return none("neither a JSON object, nor a pair of scores, nor one from 0 to 10");
}

// '"key": value' with a following comma or brace as the reference writes it.
void append_value(std::string& out, std::string_view value) {
  value = evaluators::strip(value);
  const std::string_view unsigned_value = value.substr(value.starts_with('-') ? 1 : 0);
  const size_t whole = skip_digits(unsigned_value, 0);
  size_t end = whole;
  if (whole > 0 && unsigned_value.substr(whole).starts_with('.')) {
    const size_t fraction = skip_digits(unsigned_value, whole + 1);
    if (fraction > whole + 1) end = fraction;
  }
  std::string lower(value.substr(0, 6));
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (whole > 0 && end == unsigned_value.size())
    out.append("[").append(value).append("]");
  else if (lower == "true" || lower == "false" || lower == "null")
    out.append(value);
  else
    out.append("\"").append(value).append("\"");
}

std::string with_quoted_keys(std::string_view json) {
  std::string out;
  size_t word = 0;  // where the run of word characters before `position` begins
  for (size_t position = 0; position < json.size();) {
    size_t behind = position;
    const char32_t code_point = evaluators::next_code_point(json, behind);
    if (!evaluators::is_unicode_word(code_point)) {
      const std::string_view run = json.substr(word, position - word);
      if (code_point == ':' && !run.empty())
        out.append("\"").append(run).append("\"");
      else
        out.append(run);
      out.append(json.substr(position, behind - position));
      word = behind;
    }
    position = behind;
  }
  return out.append(json.substr(word));
}

}  // namespace

std::string repaired_json(std::string_view json) {
  const std::string text = with_quoted_keys(json);
  const std::string_view rest = text;
  std::string out;
  size_t done = 0;
  while (true) {
    // A quote, the next quote before a colon, and the next comma or brace: missing once, missing from there
    // on.
    const size_t quote = rest.find('"', done);
    const size_t colon = quote == kNone ? kNone : rest.find("\":", quote + 1);
    const size_t end = colon == kNone ? kNone : rest.find_first_of(",}", colon + 2);
    if (end == kNone) return out.append(rest.substr(done));
    out.append(rest.substr(done, colon + 1 - done)).append(": ");
    append_value(out, rest.substr(colon + 2, end - colon - 2));
    out += rest[end];
    done = end + 1;
  }
}

ParsedReply parse_reply(std::string_view text) {
  if (text == "rate_limit_exceeded")
    return {.found = Found::rate_limit, .reason = "the judge's rate limit was exceeded"};
  std::optional<std::string_view> span = delimited(text);
  if (!span) {
    const size_t open = text.find('{'), close = text.rfind('}');
    if (open == kNone || close == kNone) return parse_without_braces(text);
    span = open < close ? text.substr(open, close - open + 1) : "";
  }
  std::string json(evaluators::strip(*span));
  std::erase(json, '\n');
  ScoreObject found = read_score_object(json);
  if (!found.has_score) {
    found = read_score_object(repaired_json(json));
    // The reference makes a list of a single score before the repair alone.
    if (!found.has_score || !found.is_list) return none("no JSON object with a \"score\"");
  }
  if (!found.all_numbers || found.scores.empty())
    return none("\"score\" is not a number or a list of numbers");
  return {.scores = std::move(found.scores)};
}

}  // namespace umm::gedit
