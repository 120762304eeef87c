// The fixed fields of one [[axis]], [[arm]], [[reference]] or [[stage]].
#pragma once

#include <string>
#include <vector>

#include "spec/problems.h"

namespace umm::spec {

class Fields {
 public:
  // `header` is what it stands under, for messages: "[[axis]]".
  Fields(const Value& table, std::string header, Problems& problems);

  const Value* find(const std::string& key);  // nullptr: absent
  std::string text(const std::string& key);   // "" and reported where absent, empty or not text
  bool flag(const std::string& key);          // false where absent
  void report_missing(const std::string& key);
  void report_type(const Value& value, const std::string& key, const std::string& expected);

  // A text that later keys and folders contain: letters, digits, `_` and `-`.
  std::string name();

  Position at() const { return at_; }

  // Reports the fields that were never asked for.
  void finish();

 private:
  const Value::Table* table_;
  std::string header_;
  Problems& problems_;
  Position at_;
  std::vector<std::string> known_;
};

bool is_plain_name(const std::string& name);

}  // namespace umm::spec
