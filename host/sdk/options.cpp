#include "umm/options.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "umm/error.h"

namespace umm {
namespace {

constexpr Range kAnything;

const char* value_type_name(const OptionValue& value) {
  static constexpr OptionType kTypes[] = {OptionType::boolean, OptionType::integer, OptionType::number,
                                          OptionType::text};
  return to_text(kTypes[value.index()]);
}

bool has_type(OptionType type, const OptionValue& value) {
  switch (type) {
    case OptionType::boolean:
      return std::holds_alternative<bool>(value);
    case OptionType::integer:
      return std::holds_alternative<int64_t>(value);
    case OptionType::number:
      return std::holds_alternative<double>(value) || std::holds_alternative<int64_t>(value);
    case OptionType::text:
    case OptionType::path:
      return std::holds_alternative<std::string>(value);
  }
  return false;
}

double as_double(const OptionValue& value) {
  if (const auto* integer = std::get_if<int64_t>(&value)) return static_cast<double>(*integer);
  return std::get<double>(value);
}

std::string shortest(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

// Numbers keep one representation, so that `1` and `1.0` are the same setting.
OptionValue normalized(OptionType type, const OptionValue& value) {
  if (type == OptionType::number) return as_double(value);
  return value;
}

}  // namespace

std::string to_text(const OptionValue& value) {
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
  if (const auto* integer = std::get_if<int64_t>(&value)) return std::to_string(*integer);
  if (const auto* number = std::get_if<double>(&value)) return shortest(*number);
  return std::get<std::string>(value);
}

const char* to_text(OptionType type) {
  switch (type) {
    case OptionType::boolean:
      return "true or false";
    case OptionType::integer:
      return "an integer";
    case OptionType::number:
      return "a number";
    case OptionType::text:
      return "text";
    case OptionType::path:
      return "a path";
  }
  return "?";
}

std::string range_problem(const OptionSpec& spec, const OptionValue& value) {
  if (spec.type != OptionType::integer && spec.type != OptionType::number) return "";
  const double number = as_double(value);
  if (std::isfinite(number) && number >= spec.minimum && number <= spec.maximum) return "";
  if (std::isinf(spec.minimum) && std::isinf(spec.maximum)) return "must be finite";
  if (std::isinf(spec.maximum)) return "must be at least " + shortest(spec.minimum);
  if (std::isinf(spec.minimum)) return "must be at most " + shortest(spec.maximum);
  return "is out of range [" + shortest(spec.minimum) + ", " + shortest(spec.maximum) + "]";
}

OptionSchema& OptionSchema::boolean(std::string name, bool default_value, std::string doc) {
  specs_.push_back({std::move(name),
                    OptionType::boolean,
                    default_value,
                    kAnything.minimum,
                    kAnything.maximum,
                    {},
                    std::move(doc)});
  return *this;
}

OptionSchema& OptionSchema::integer(std::string name, int64_t default_value, Range range, std::string doc) {
  specs_.push_back({std::move(name),
                    OptionType::integer,
                    default_value,
                    range.minimum,
                    range.maximum,
                    {},
                    std::move(doc)});
  return *this;
}

OptionSchema& OptionSchema::number(std::string name, double default_value, Range range, std::string doc) {
  specs_.push_back(
      {std::move(name), OptionType::number, default_value, range.minimum, range.maximum, {}, std::move(doc)});
  return *this;
}

OptionSchema& OptionSchema::text(std::string name, std::string default_value, std::string doc) {
  return choice(std::move(name), std::move(default_value), {}, std::move(doc));
}

OptionSchema& OptionSchema::choice(std::string name, std::string default_value,
                                   std::vector<std::string> choices, std::string doc) {
  specs_.push_back({std::move(name), OptionType::text, std::move(default_value), kAnything.minimum,
                    kAnything.maximum, std::move(choices), std::move(doc)});
  return *this;
}

OptionSchema& OptionSchema::path(std::string name, std::string default_value, std::string doc) {
  specs_.push_back({std::move(name),
                    OptionType::path,
                    std::move(default_value),
                    kAnything.minimum,
                    kAnything.maximum,
                    {},
                    std::move(doc)});
  return *this;
}

const OptionSpec* OptionSchema::find(std::string_view name) const {
  const auto found =
      std::find_if(specs_.begin(), specs_.end(), [&](const OptionSpec& s) { return s.name == name; });
  return found == specs_.end() ? nullptr : &*found;
}

std::string OptionSchema::problem(const OptionSpec& spec, const OptionValue& value) const {
  if (!has_type(spec.type, value)) {
    return detail::concat("expected ", to_text(spec.type), ", found ", value_type_name(value), " ",
                          to_text(value));
  }
  if (const std::string problem = range_problem(spec, value); !problem.empty())
    return to_text(value) + " " + problem;
  if (!spec.choices.empty()) {
    const auto& text = std::get<std::string>(value);
    if (std::find(spec.choices.begin(), spec.choices.end(), text) == spec.choices.end()) {
      std::string known;
      for (const auto& choice : spec.choices) known += (known.empty() ? "" : ", ") + choice;
      return detail::concat("\"", text, "\" is not one of: ", known);
    }
  }
  return "";
}

Options::Options(const OptionSchema& schema, const std::map<std::string, OptionValue>& values) {
  for (const auto& spec : schema.specs()) values_[spec.name] = normalized(spec.type, spec.default_value);
  for (const auto& [name, value] : values) {
    const OptionSpec* spec = schema.find(name);
    UMM_CHECK_INPUT(spec != nullptr, "unknown option `", name, "`");
    const std::string problem = schema.problem(*spec, value);
    UMM_CHECK_INPUT(problem.empty(), "option `", name, "`: ", problem);
    values_[name] = normalized(spec->type, value);
  }
}

const OptionValue& Options::at(const std::string& name) const {
  const auto found = values_.find(name);
  UMM_CHECK(found != values_.end(), "option `", name, "` was never declared in the plugin's schema");
  return found->second;
}

bool Options::boolean(const std::string& name) const {
  return std::get<bool>(at(name));
}
int64_t Options::integer(const std::string& name) const {
  return std::get<int64_t>(at(name));
}
double Options::number(const std::string& name) const {
  return as_double(at(name));
}
const std::string& Options::text(const std::string& name) const {
  return std::get<std::string>(at(name));
}

}  // namespace umm
