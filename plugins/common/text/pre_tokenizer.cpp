#include "text/pre_tokenizer.h"

#include <cstdint>
#include <optional>

#include "text/unicode.h"

namespace umm::text {
namespace {

// One place in the text, with what stands there.
struct Cursor {
  std::string_view text;
  size_t position = 0;  // of the next code point

  bool at_end() const { return position == text.size(); }

  struct Char {
    char32_t code_point = 0;
    CharClass type = CharClass::other;
    size_t end = 0;  // position behind it
  };

  Char peek(size_t at) const {
    Char c;
    c.end = at;
    const auto byte = static_cast<uint8_t>(text[at]);
    c.code_point = byte < 0x80 ? (++c.end, byte) : next_code_point(text, c.end);
    c.type = char_class(c.code_point);
    return c;
  }

  // End of the run of characters of this kind that begins at `at`.
  template <typename Kind>
  size_t run(size_t at, const Kind& kind) const {
    while (at < text.size()) {
      const Char c = peek(at);
      if (!kind(c.type)) break;
      at = c.end;
    }
    return at;
  }
};

bool is_letter(CharClass type) {
  return type == CharClass::letter;
}
bool is_number(CharClass type) {
  return type == CharClass::number;
}
bool is_newline(CharClass type) {
  return type == CharClass::newline;
}
bool is_space(CharClass type) {
  return type == CharClass::space || type == CharClass::newline;
}
bool is_other(CharClass type) {
  return type == CharClass::other;
}

constexpr char32_t kLongS = 0x17F;  // the one character outside ASCII that these letters fold to: a small s

std::optional<char> ascii_letter(char32_t c, bool fold) {
  if (c >= 'a' && c <= 'z') return static_cast<char>(c);
  if (fold && c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  if (fold && c == kLongS) return 's';
  return std::nullopt;
}

// End of 's, 't, 're, 've, 'm, 'll or 'd at the cursor; nullopt if none stands there.
std::optional<size_t> contraction(const Cursor& cursor, bool fold) {
  const auto text = cursor.text;
  if (text[cursor.position] != '\'' || cursor.position + 1 == text.size()) return std::nullopt;
  const auto first = cursor.peek(cursor.position + 1);
  const auto letter = ascii_letter(first.code_point, fold);
  if (!letter) return std::nullopt;
  if (*letter == 's' || *letter == 't' || *letter == 'm' || *letter == 'd') return first.end;
  if (first.end == text.size()) return std::nullopt;
  const auto second = cursor.peek(first.end);
  const auto next = ascii_letter(second.code_point, fold);
  if (!next) return std::nullopt;
  const bool fits = ((*letter == 'r' || *letter == 'v') && *next == 'e') || (*letter == 'l' && *next == 'l');
  return fits ? std::optional(second.end) : std::nullopt;
}

// \s+(?!\S)|\s+ : white space before a word leaves its last character to the word.
size_t white_space(const Cursor& cursor) {
  const size_t begin = cursor.position;
  size_t last = begin, end = begin;
  while (end < cursor.text.size()) {
    const auto c = cursor.peek(end);
    if (!is_space(c.type)) break;
    last = end;
    end = c.end;
  }
  return end == cursor.text.size() || last == begin ? end : last;
}

size_t gpt2_piece(const Cursor& cursor) {
  if (const auto end = contraction(cursor, /*fold=*/false)) return *end;
  const auto first = cursor.peek(cursor.position);
  const bool led = first.code_point == ' ' && first.end < cursor.text.size();
  const auto body = led ? cursor.peek(first.end) : first;
  if (is_letter(body.type)) return cursor.run(body.end, is_letter);
  if (is_number(body.type)) return cursor.run(body.end, is_number);
  if (is_other(body.type)) return cursor.run(body.end, is_other);
  return white_space(cursor);
}

// \s*[\r\n]+ : white space up to the last line end of its run; nullopt where the run has none.
std::optional<size_t> line_ends(const Cursor& cursor) {
  const size_t end = cursor.run(cursor.position, is_space);
  std::optional<size_t> last;
  for (size_t i = cursor.position; i < end; ++i)
    if (cursor.text[i] == '\r' || cursor.text[i] == '\n') last = i + 1;
  return last;
}

size_t qwen_piece(const Cursor& cursor) {
  if (const auto end = contraction(cursor, /*fold=*/true)) return *end;
  const auto first = cursor.peek(cursor.position);
  if (is_letter(first.type)) return cursor.run(first.end, is_letter);
  const bool may_lead = !is_newline(first.type) && !is_number(first.type) && first.end < cursor.text.size();
  if (may_lead && is_letter(cursor.peek(first.end).type)) return cursor.run(first.end, is_letter);
  if (is_number(first.type)) return first.end;
  const bool led = first.code_point == ' ' && first.end < cursor.text.size();
  const auto body = led ? cursor.peek(first.end) : first;
  if (is_other(body.type)) return cursor.run(cursor.run(body.end, is_other), is_newline);
  if (const auto end = line_ends(cursor)) return *end;
  return white_space(cursor);
}

}  // namespace

std::vector<std::string_view> split(PreTokenizer rule, std::string_view text) {
  std::vector<std::string_view> pieces;
  Cursor cursor{.text = text};
  while (!cursor.at_end()) {
    const size_t end = rule == PreTokenizer::gpt2 ? gpt2_piece(cursor) : qwen_piece(cursor);
    pieces.push_back(text.substr(cursor.position, end - cursor.position));
    cursor.position = end;
  }
  return pieces;
}

}  // namespace umm::text
