// Texts of prompts, see prompt_texts.h.
#include "prompt_texts.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "json.h"
#include "umm/error.h"
#include "umm/sha256.h"

namespace umm::evaluators {

std::map<std::string, std::string> read_texts(const std::string& json, const std::vector<std::string>& keys,
                                              const std::string& where) {
  std::string wanted;
  for (const std::string& key : keys) wanted += (wanted.empty() ? "\"" : ", \"") + key + "\"";
  const Json object = parse_json(json, where);
  UMM_CHECK_INPUT(object.is_object(), where, ": expected one JSON object with ", wanted, ", found ",
                  object.type_name());
  for (const auto& [key, text] : object.items()) {
    const bool is_known = std::find(keys.begin(), keys.end(), key) != keys.end();
    UMM_CHECK_INPUT(is_known, where, ": unknown key ", excerpt(key), "; the texts here are ", wanted);
  }
  std::map<std::string, std::string> texts;
  for (const std::string& key : keys) texts[key] = text_field(object, key.c_str(), where);
  return texts;
}

void expect_placeholder(const std::string& text, std::string_view placeholder, const std::string& what,
                        const std::string& where) {
  UMM_CHECK_INPUT(text.find(placeholder) != std::string::npos, where, ": expected ", placeholder,
                  " in the text \"", what, "\", found none: the judge would not learn it");
}

void expect_sha256(const std::string& text, std::string_view expected, const std::string& what,
                   const std::string& where) {
  const std::string found = sha256(text);
  UMM_CHECK_INPUT(found == expected, where, ": expected the published ", what, " (SHA-256 ", expected,
                  "), found another text (", found,
                  "): take the published file, or name another protocol than the published one");
}

std::string with_values(std::string_view text,
                        const std::vector<std::pair<std::string_view, std::string_view>>& values) {
  std::string filled;
  while (!text.empty()) {
    size_t first = std::string_view::npos;
    std::pair<std::string_view, std::string_view> next;
    for (const auto& value : values) {
      const size_t position = text.find(value.first);
      if (position >= first) continue;
      first = position;
      next = value;
    }
    filled += text.substr(0, first);
    if (first == std::string_view::npos) break;
    filled += next.second;
    text.remove_prefix(first + next.first.size());
  }
  return filled;
}

std::optional<std::string> text_if_there(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace umm::evaluators
