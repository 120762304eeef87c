// Fields of JSON, see json.h.
#include "json.h"

#include "umm/error.h"

namespace umm::evaluators {

std::string text_field(const Json& object, const char* key, const std::string& where) {
  UMM_CHECK_INPUT(object.is_object(), where, ": expected an object with \"", key, "\", found ",
                  excerpt(object));
  UMM_CHECK_INPUT(object.contains(key), where, ": expected a \"", key, "\", found none in ", excerpt(object));
  const Json& value = object.at(key);
  UMM_CHECK_INPUT(value.is_string() && !value.get_ref<const std::string&>().empty(), where, ": expected \"",
                  key, "\" to be text, found ", excerpt(value));
  return value.get<std::string>();
}

}  // namespace umm::evaluators
