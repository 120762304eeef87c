// JSON from files that a user names, as the host reads it, and its fields.
#pragma once

#include <string>

#include "json/checked_json.h"

namespace umm::evaluators {

using Json = nlohmann::json;
using umm::excerpt;
using umm::parse_json;

// object[key] as a text that is not empty. Throws InputError that starts with `where`.
std::string text_field(const Json& object, const char* key, const std::string& where);

}  // namespace umm::evaluators
