// JSON from files that a user names: errors with their place, and no text that could harm.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace umm {

// Throws InputError that starts with `where` ("prompts.jsonl:17"): broken JSON, more than 64 levels of
// nesting (what walks over values recurses), a key that is twice in an object. `top_keys`: the outermost
// object's keys, in order.
nlohmann::json parse_json(std::string_view text, const std::string& where,
                          std::vector<std::string>* top_keys = nullptr);

// What was found, on one line and short enough for a message.
std::string excerpt(const nlohmann::json& value);

}  // namespace umm
