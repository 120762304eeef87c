// Keys of a recipe that may be left out, each with what it says then.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "spec/fields.h"

namespace umm::spec {

class OptionalFields {
 public:
  OptionalFields(Fields& fields, std::string header, Problems& problems)
      : fields_(fields), header_(std::move(header)), problems_(problems) {}

  std::string text(const std::string& key, const std::string& otherwise);
  bool flag(const std::string& key, bool otherwise);
  double number(const std::string& key, double otherwise, double least, double most);
  int64_t integer(const std::string& key, int64_t otherwise, int64_t least, int64_t most);
  std::vector<std::string> texts(const std::string& key);  // a list of texts

  template <typename T>
  T choice(const std::string& key, T otherwise, const std::vector<std::pair<std::string, T>>& choices) {
    const Value* value = fields_.find(key);
    if (value == nullptr) return otherwise;
    std::vector<std::string> names;
    for (const auto& [name, chosen] : choices) {
      if (const auto* text = value->get<std::string>(); text != nullptr && *text == name) return chosen;
      names.push_back(name);
    }
    report_choice(*value, key, names);
    return otherwise;
  }

 private:
  void report_number(const Value& value, bool right_type, const std::string& key,
                     const std::string& expected);
  void report_choice(const Value& value, const std::string& key, const std::vector<std::string>& names);

  Fields& fields_;
  std::string header_;
  Problems& problems_;
};

}  // namespace umm::spec
