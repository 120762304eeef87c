// JSON from anywhere: a tree that is no deeper than what walks over it can bear. Parsing and destroying do
// not recurse, but copying, comparing and writing a value do, and a reply of 6 MB can have 3 million levels.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "umm/error.h"

namespace umm::json {

using Json = nlohmann::json;

inline constexpr int kMaxLevels = 64;

class TooDeep : public Error {
 public:
  TooDeep() : Error(detail::concat("expected at most ", kMaxLevels, " levels of nested JSON, found more")) {}
};

// As Json::parse(text, watch), which throws Json::exception; beyond kMaxLevels it throws TooDeep.
inline Json parse_shallow(std::string_view text, const Json::parser_callback_t& watch = {}) {
  return Json::parse(text, [&](int depth, Json::parse_event_t event, Json& value) {
    using Event = Json::parse_event_t;
    const bool starts = event == Event::object_start || event == Event::array_start;
    if (starts && depth >= kMaxLevels) throw TooDeep();
    return !watch || watch(depth, event, value);
  });
}

// Discarded where it is none, or too deep.
inline Json parse_or_discard(std::string_view text) {
  try {
    return parse_shallow(text);
  } catch (const TooDeep&) {
  } catch (const Json::exception&) {
  }
  return Json(Json::value_t::discarded);
}

}  // namespace umm::json
