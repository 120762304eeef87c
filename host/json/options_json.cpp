#include "json/options_json.h"

#include <cstdint>

#include "json/checked_json.h"
#include "umm/error.h"

namespace umm {

using Json = nlohmann::json;

namespace {

bool is_of(OptionType type, const Json& value) {
  switch (type) {
    case OptionType::boolean:
      return value.is_boolean();
    case OptionType::integer:
      return value.is_number_integer() && !(value.is_number_unsigned() && value.get<uint64_t>() > INT64_MAX);
    case OptionType::number:
      return value.is_number();
    case OptionType::text:
    case OptionType::path:
      return value.is_string();
  }
  return false;
}

OptionValue value_of(OptionType type, const Json& value) {
  switch (type) {
    case OptionType::boolean:
      return value.get<bool>();
    case OptionType::integer:
      return value.get<int64_t>();
    case OptionType::number:
      return value.get<double>();
    default:
      return value.get<std::string>();
  }
}

std::string names_of(const OptionSchema& schema) {
  std::string names;
  for (const auto& spec : schema.specs()) names += (names.empty() ? "" : ", ") + spec.name;
  return names.empty() ? "none" : names;
}

}  // namespace

Json to_json(const Options& options) {
  Json json = Json::object();
  for (const auto& [name, value] : options.values())
    std::visit([&, &key = name](const auto& plain) { json[key] = plain; }, value);
  return json;
}

std::map<std::string, OptionValue> option_values(const OptionSchema& schema, const Json& json) {
  UMM_CHECK_INPUT(json.is_object(), "expected options by their names, found ", excerpt(json));
  std::map<std::string, OptionValue> values;
  for (const auto& [name, value] : json.items()) {
    const OptionSpec* spec = schema.find(name);
    UMM_CHECK_INPUT(spec != nullptr, "unknown option `", name, "` = ", excerpt(value),
                    "; expected: ", names_of(schema));
    UMM_CHECK_INPUT(is_of(spec->type, value), "option `", name, "`: expected ", to_text(spec->type),
                    ", found ", excerpt(value));
    values[name] = value_of(spec->type, value);
  }
  return values;
}

}  // namespace umm
