// What a server sent, as JSON.
#pragma once

#include <string>

#include "json/shallow.h"

namespace umm::openai {

// Discarded where it is none, or nested too deep. A reply was paid for: of what cannot stand in UTF-8, as
// ill-formed bytes or the escape of half a surrogate pair, each becomes U+FFFD, and the rest is kept.
json::Json body_json(const std::string& body);

}  // namespace umm::openai
