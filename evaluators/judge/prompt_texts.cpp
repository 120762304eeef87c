#include "judge/prompt_texts.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "umm/error.h"

namespace umm::judge {

std::string sha256(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  const int done = EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  UMM_CHECK(done == 1, "OpenSSL could not compute a SHA-256");
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

std::map<std::string, std::string> read_texts(const std::string& json, const std::vector<std::string>& keys,
                                              const std::string& where) {
  std::string wanted;
  for (const std::string& key : keys) wanted += (wanted.empty() ? "\"" : ", \"") + key + "\"";
  nlohmann::json value;
  try {
    value = nlohmann::json::parse(json);
  } catch (const nlohmann::json::parse_error& error) {
    throw InputError(detail::concat(where, ": expected one JSON object with ", wanted,
                                    ", found broken JSON at byte ", error.byte));
  }
  UMM_CHECK_INPUT(value.is_object(), where, ": expected one JSON object with ", wanted, ", found ",
                  value.type_name());
  std::map<std::string, std::string> texts;
  for (const auto& [key, text] : value.items()) {
    const bool is_known = std::find(keys.begin(), keys.end(), key) != keys.end();
    UMM_CHECK_INPUT(is_known, where, ": unknown key \"", key, "\"; the texts here are ", wanted);
    const bool is_text = text.is_string() && !text.get_ref<const std::string&>().empty();
    UMM_CHECK_INPUT(is_text, where, ": expected \"", key, "\" to be text, found ",
                    text.is_string() ? "an empty one" : text.type_name());
    texts[key] = text.get<std::string>();
  }
  for (const std::string& key : keys)
    UMM_CHECK_INPUT(texts.contains(key), where, ": expected a text \"", key, "\", found none");
  return texts;
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

}  // namespace umm::judge
