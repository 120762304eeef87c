// Readers of items, see record.h.
#include "record.h"

#include <algorithm>

#include "json.h"
#include "judge_pictures.h"
#include "rules.h"
#include "umm/error.h"

namespace umm::gedit {

using evaluators::text_field;

Record parse_record(const std::string& text, const std::string& where) {
  const evaluators::Json value = evaluators::parse_json(text, where);
  Record record;
  record.key = text_field(value, "key", where);
  UMM_CHECK_INPUT(record.key.find('/') == std::string::npos && record.key != "..", where,
                  ": expected a \"key\" that can name a file, found ", evaluators::excerpt(record.key));
  record.group = text_field(value, "task_type", where);
  std::string groups;
  for (const char* group : kGroups) groups += (groups.empty() ? "" : ", ") + std::string(group);
  const bool is_known = record.group == kPublishedGroup ||
                        std::find(kGroups.begin(), kGroups.end(), record.group) != kGroups.end();
  UMM_CHECK_INPUT(is_known, where, ": expected \"task_type\" to be one of ", groups, ", found ",
                  record.group);
  record.instruction = text_field(value, "instruction", where);
  record.language = text_field(value, "instruction_language", where);
  UMM_CHECK_INPUT(record.language == "en" || record.language == "cn", where,
                  ": expected \"instruction_language\" to be en or cn, found ", record.language);
  record.input_image = text_field(value, "input_image", where);
  UMM_CHECK_INPUT(evaluators::stays_below(record.input_image), where,
                  ": expected \"input_image\" to be a path below the pictures' folder, found ",
                  evaluators::excerpt(record.input_image));
  const auto flag = value.find("intersection_exist");
  UMM_CHECK_INPUT(flag != value.end() && flag->is_boolean(), where,
                  ": expected \"intersection_exist\" to be true or false, found ",
                  flag == value.end() ? "none" : evaluators::excerpt(*flag));
  record.in_intersection = flag->get<bool>();
  return record;
}

}  // namespace umm::gedit
