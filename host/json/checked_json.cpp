// JSON with places, see checked_json.h.
#include "json/checked_json.h"

#include <set>

#include "json/shallow.h"
#include "umm/error.h"

namespace umm {

using Json = nlohmann::json;

Json parse_json(std::string_view text, const std::string& where, std::vector<std::string>* top_keys) {
  std::vector<std::set<std::string>> open_objects;  // keys of the objects that are not closed yet
  const auto watch = [&](int depth, Json::parse_event_t event, Json& value) {
    using Event = Json::parse_event_t;
    if (event == Event::object_start) {
      open_objects.emplace_back();
    } else if (event == Event::object_end) {
      open_objects.pop_back();
    } else if (event == Event::key) {
      const auto& key = value.get_ref<const std::string&>();
      UMM_CHECK_INPUT(open_objects.back().insert(key).second, where, ": the key ", excerpt(value),
                      " is twice in one object");
      if (top_keys != nullptr && depth == 1) top_keys->push_back(key);
    }
    return true;
  };
  try {
    return json::parse_shallow(text, watch);
  } catch (const json::TooDeep& error) {
    throw InputError(detail::concat(where, ": ", error.what()));
  } catch (const Json::parse_error& error) {
    throw InputError(
        detail::concat(where, ": expected one JSON object, found broken JSON at byte ", error.byte));
  } catch (const Json::out_of_range&) {
    throw InputError(detail::concat(where, ": expected JSON with numbers that fit, found one above 1e308"));
  }
}

std::string excerpt(const Json& value) {
  std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
  return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

}  // namespace umm
