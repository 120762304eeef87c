#include "secret.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

#include "umm/error.h"

namespace umm::openai {

namespace {

using Json = nlohmann::json;

constexpr const char* kHidden = "***";

std::string without_ill_formed(const std::string& text) {
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::ignore)).get<std::string>();
}

// What two hexadecimal digits at `position` stand for; -1: there are none.
int hex_byte(std::string_view text, size_t position) {
  const std::string_view digits = text.substr(std::min(position, text.size()), 2);
  unsigned byte = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
  return read.ptr == digits.data() + 2 ? static_cast<int>(byte) : -1;
}

struct Character {
  int value = 0;   // -1: none, backslashes that nothing follows
  size_t end = 0;  // of what stands for it in the text
};

// "/" for whatever of "/", "\/", "\\/", "\u002f", "%2F" and "%252F" stands at `begin`. Backslashes, escaped
// ones too, are of the character behind them.
Character character_at(std::string_view text, size_t begin) {
  constexpr int kMostEscaped = 8;  // backslashes in a row: a long row is not walked again from each
  size_t at = begin;
  for (int escaped = 0;; ++escaped) {
    while (at < text.size() && text[at] == '\\') ++at;
    size_t code = at;
    if (at > begin && text.substr(at).starts_with("u00")) {
      code += 3;
    } else if (text.substr(at).starts_with('%')) {
      ++code;
      while (text.substr(code).starts_with("25") && hex_byte(text, code + 2) >= 0) code += 2;
    }
    const int byte = code > at ? hex_byte(text, code) : -1;
    if (byte < 0 && at == text.size()) return {-1, at};
    if (byte < 0) return {static_cast<unsigned char>(text[at]), at + 1};
    if (byte != '\\' || escaped == kMostEscaped) return {byte, code + 2};
    at = code + 2;
  }
}

// Without what looks like escapes: where it is none, a text that holds the key is read the same way.
std::string unescaped(std::string_view key) {
  std::string text;
  for (size_t at = 0; at < key.size();) {
    const Character character = character_at(key, at);
    if (character.value >= 0) text += static_cast<char>(character.value);
    at = character.end;
  }
  return text;
}

// Where the key ends that begins at `begin`, however it is escaped; 0: there is none.
size_t end_of(std::string_view unescaped_key, std::string_view text, size_t begin) {
  // In a row of backslashes the first one tells, or a long row would be walked again and again.
  if (begin > 0 && text[begin] == '\\' && text[begin - 1] == '\\') return 0;
  for (const char c : unescaped_key) {
    if (begin >= text.size()) return 0;
    const Character character = character_at(text, begin);
    if (character.value != static_cast<unsigned char>(c)) return 0;
    begin = character.end;
  }
  return begin;
}

}  // namespace

Secret::Secret(std::string key) : key_(std::move(key)), unescaped_(unescaped(key_)) {
  const bool sendable = std::all_of(key_.begin(), key_.end(), [](char c) { return c > ' ' && c < 127; });
  UMM_CHECK_INPUT(sendable,
                  "the judge's key: expected printable ASCII without spaces, found another character");
}

std::string Secret::scrub(std::string text) const {
  if (key_.size() < kShortest) return text;
  for (size_t at = text.find(key_); at != std::string::npos; at = text.find(key_, at))
    text.replace(at, key_.size(), kHidden);
  if (unescaped_.size() < kShortest || text.find_first_of("\\%") == std::string::npos) return text;
  std::string scrubbed;
  for (size_t at = 0; at < text.size();) {
    const size_t end = end_of(unescaped_, text, at);
    if (end == 0)
      scrubbed += text[at++];
    else
      scrubbed += kHidden, at = end;
  }
  return scrubbed;
}

std::string excerpt(const std::string& text, const Secret& secret) {
  constexpr size_t kLongest = 300;
  std::string line = secret.scrub(without_ill_formed(text));  // what is taken out may stand within the key
  for (char& c : line)
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  if (line.size() > kLongest) line = line.substr(0, kLongest) + "...";
  return without_ill_formed(line);
}

}  // namespace umm::openai
