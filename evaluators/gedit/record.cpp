#include "record.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rules.h"
#include "umm/error.h"

namespace umm::gedit {
namespace {

using Json = nlohmann::json;

std::string text_field(const Json& object, const char* key, const std::string& where) {
  const auto found = object.find(key);
  UMM_CHECK_INPUT(found != object.end(), where, ": expected a \"", key, "\", found none");
  UMM_CHECK_INPUT(found->is_string() && !found->get_ref<const std::string&>().empty(), where, ": expected \"",
                  key, "\" to be text, found ", found->is_string() ? "an empty one" : found->type_name());
  return found->get<std::string>();
}

}  // namespace

Record parse_record(const std::string& text, const std::string& where) {
  Json value;
  try {
    value = Json::parse(text);
  } catch (const Json::parse_error& error) {
    throw InputError(
        detail::concat(where, ": expected one JSON object, found broken JSON at byte ", error.byte));
  }
  UMM_CHECK_INPUT(value.is_object(), where, ": expected one JSON object, found ", value.type_name());
  Record record;
  record.key = text_field(value, "key", where);
  record.group = text_field(value, "task_type", where);
  std::string groups;
  for (const char* group : kGroups) groups += (groups.empty() ? "" : ", ") + std::string(group);
  UMM_CHECK_INPUT(std::find(kGroups.begin(), kGroups.end(), record.group) != kGroups.end(), where,
                  ": expected \"task_type\" to be one of ", groups, ", found ", record.group);
  record.instruction = text_field(value, "instruction", where);
  record.language = text_field(value, "instruction_language", where);
  UMM_CHECK_INPUT(record.language == "en" || record.language == "cn", where,
                  ": expected \"instruction_language\" to be en or cn, found ", record.language);
  record.input_image = text_field(value, "input_image", where);
  const auto flag = value.find("intersection_exist");
  UMM_CHECK_INPUT(flag != value.end() && flag->is_boolean(), where,
                  ": expected \"intersection_exist\" to be true or false, found ",
                  flag == value.end() ? "none" : flag->type_name());
  record.in_intersection = flag->get<bool>();
  return record;
}

}  // namespace umm::gedit
