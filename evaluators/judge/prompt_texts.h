// Texts of a judge's prompts. Published ones are not ours to ship: they are read from a file and told by
// their SHA-256, so that a score cannot claim a protocol that it did not follow.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace umm::judge {

// 64 lower-case hex digits.
std::string sha256(std::string_view text);

// A JSON object with exactly these keys, each a text that is not empty. Throws InputError that starts with
// `where`.
std::map<std::string, std::string> read_texts(const std::string& json, const std::vector<std::string>& keys,
                                              const std::string& where);

// Throws InputError unless `text` has that hash. `what` names the text in the message.
void expect_sha256(const std::string& text, std::string_view expected, const std::string& what,
                   const std::string& where);

// `text` with each placeholder replaced wherever it stands; what a value brings in is left as it is.
std::string with_values(std::string_view text,
                        const std::vector<std::pair<std::string_view, std::string_view>>& values);

}  // namespace umm::judge
