#include "tables/recipe_fields.h"

#include <fmt/format.h>

namespace umm::spec {

std::string OptionalFields::text(const std::string& key, const std::string& otherwise) {
  const Value* value = fields_.find(key);
  if (value == nullptr) return otherwise;
  if (const auto* text = value->get<std::string>()) return *text;
  fields_.report_type(*value, key, "text");
  return otherwise;
}

bool OptionalFields::flag(const std::string& key, bool otherwise) {
  const Value* value = fields_.find(key);
  if (value == nullptr) return otherwise;
  if (const auto* flag = value->get<bool>()) return *flag;
  fields_.report_type(*value, key, "true or false");
  return otherwise;
}

double OptionalFields::number(const std::string& key, double otherwise, double least, double most) {
  const Value* value = fields_.find(key);
  if (value == nullptr) return otherwise;
  const auto* real = value->get<double>();
  const auto* whole = value->get<int64_t>();
  const double found = real != nullptr ? *real : whole != nullptr ? static_cast<double>(*whole) : least - 1;
  if (found >= least && found <= most) return found;
  report_number(*value, real != nullptr || whole != nullptr, key,
                fmt::format("a number from {:g} to {:g}", least, most));
  return otherwise;
}

int64_t OptionalFields::integer(const std::string& key, int64_t otherwise, int64_t least, int64_t most) {
  const Value* value = fields_.find(key);
  if (value == nullptr) return otherwise;
  const auto* found = value->get<int64_t>();
  if (found != nullptr && *found >= least && *found <= most) return *found;
  report_number(*value, found != nullptr, key, fmt::format("an integer from {} to {}", least, most));
  return otherwise;
}

std::vector<std::string> OptionalFields::texts(const std::string& key) {
  const Value* value = fields_.find(key);
  if (value == nullptr) return {};
  std::vector<std::string> found;
  const auto* list = value->get<Value::List>();
  for (const Value& element : list == nullptr ? Value::List() : *list) {
    if (const auto* text = element.get<std::string>()) found.push_back(*text);
  }
  if (list == nullptr || found.size() < list->size()) fields_.report_type(*value, key, "a list of texts");
  return found;
}

void OptionalFields::report_number(const Value& value, bool right_type, const std::string& key,
                                   const std::string& expected) {
  const bool number = value.get<int64_t>() != nullptr || value.get<double>() != nullptr;
  const std::string found = number ? plain_text(value) : type_name(value);
  problems_.add({right_type ? "S121" : "S102",
                 value.at,
                 "`" + key + "` in " + header_ + " must be " + expected + ", found " + found,
                 "",
                 {}});
}

void OptionalFields::report_choice(const Value& value, const std::string& key,
                                   const std::vector<std::string>& names) {
  const auto* text = value.get<std::string>();
  if (text == nullptr) return fields_.report_type(value, key, "one of " + join(names));
  problems_.add({"S122",
                 value.at,
                 "`" + key + "` in " + header_ + " cannot be \"" + *text + "\"",
                 did_you_mean(*text, names),
                 {"one of " + join(names)}});
}

}  // namespace umm::spec
