// Options of a plugin: declared once as a schema, checked by the host before anything is queued,
// printed by `ummbench plugin show`, and handed to the plugin as plain values.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "umm/version.h"

namespace umm {

// `path` is text that names a file or folder: resolved against the spec's folder, its content hashed
// into the run's identity.
enum class OptionType { boolean, integer, number, text, path };

using OptionValue = std::variant<bool, int64_t, double, std::string>;

struct OptionSpec {
  std::string name;
  OptionType type = OptionType::text;
  OptionValue default_value;
  double minimum = -std::numeric_limits<double>::infinity();  // inclusive; integer and number only
  double maximum = std::numeric_limits<double>::infinity();   // inclusive
  std::vector<std::string> choices;                           // text only; empty: anything
  std::string doc;                                            // one sentence, with the unit
};

struct Range {
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
};

// OptionSchema().number("lambda_recon", 1.0, {0, 100}, "weight of the reconstruction loss")
class UMM_API OptionSchema {
 public:
  OptionSchema& boolean(std::string name, bool default_value, std::string doc);
  OptionSchema& integer(std::string name, int64_t default_value, Range range, std::string doc);
  OptionSchema& number(std::string name, double default_value, Range range, std::string doc);
  OptionSchema& text(std::string name, std::string default_value, std::string doc);
  OptionSchema& choice(std::string name, std::string default_value, std::vector<std::string> choices,
                       std::string doc);
  OptionSchema& path(std::string name, std::string default_value, std::string doc);

  const std::vector<OptionSpec>& specs() const { return specs_; }
  const OptionSpec* find(std::string_view name) const;

  // What is wrong with `value` for this option ("" if nothing): type, range or choice.
  // An integer is accepted where a number is expected; the reverse is not.
  std::string problem(const OptionSpec& spec, const OptionValue& value) const;

 private:
  std::vector<OptionSpec> specs_;
};

// Checked values. Asking for an undeclared name throws Error: a bug of the plugin.
class UMM_API Options {
 public:
  Options() = default;

  // Defaults of `schema`, overlaid with `values`. Throws InputError on unknown or unfit values.
  Options(const OptionSchema& schema, const std::map<std::string, OptionValue>& values);

  bool boolean(const std::string& name) const;
  int64_t integer(const std::string& name) const;
  double number(const std::string& name) const;
  const std::string& text(const std::string& name) const;  // also for choice and path

  const std::map<std::string, OptionValue>& values() const { return values_; }

 private:
  const OptionValue& at(const std::string& name) const;
  std::map<std::string, OptionValue> values_;
};

// Shortest text that reads back to the same value; `4e-5` and `0.00004` print alike.
UMM_API std::string to_text(const OptionValue& value);

// What a value of this type is: "true or false", "an integer", "a number", "text", "a path".
UMM_API const char* to_text(OptionType type);

// "must be at least 0", "is out of range [0, 1]", ...; "" where the value lies in the option's range.
UMM_API std::string range_problem(const OptionSpec& spec, const OptionValue& value);

}  // namespace umm
