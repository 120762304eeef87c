// The fixed fields of one [[axis]], [[arm]], [[reference]] or [[stage]], or of a table of
// a protocol or of a recipe.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spec/problems.h"

namespace umm::spec {

class Fields {
 public:
  // `header` is what it stands under, for messages: "[[axis]]".
  Fields(const Value& table, std::string header, Problems& problems);

  const Value* find(const std::string& key);        // nullptr: absent
  std::string text(const std::string& key);         // "" and reported where absent, empty or not text
  std::vector<Value> list(const std::string& key);  // empty and reported where it is absent or no list

  // What may be left out, or is reported where it does not fit: `otherwise`.
  std::string text(const std::string& key, const std::string& otherwise);
  bool flag(const std::string& key, bool otherwise = false);
  double number(const std::string& key, double otherwise, double least, double most);
  int64_t integer(const std::string& key, int64_t otherwise, int64_t least, int64_t most);
  std::vector<std::string> texts(const std::string& key);  // a list of text

  template <typename T>
  T choice(const std::string& key, T otherwise, const std::vector<std::pair<std::string, T>>& choices) {
    const Value* value = find(key);
    if (value == nullptr) return otherwise;
    std::vector<std::string> names;
    for (const auto& [name, chosen] : choices) {
      if (const auto* text = value->get<std::string>(); text != nullptr && *text == name) return chosen;
      names.push_back(name);
    }
    report_choice(*value, key, names);
    return otherwise;
  }

  // S112 unless `schema` is 1. `files`: "recipes".
  void check_schema(const std::string& files);

  void report_missing(const std::string& key);
  void report_type(const Value& value, const std::string& key, const std::string& expected);

  // A text that later keys and folders contain: letters, digits, `_` and `-`.
  std::string name();

  // Whether it was asked for.
  bool knows(const std::string& key) const;

  Position at() const { return at_; }
  const Value::Table& table() const { return *table_; }

  // Reports the fields that were never asked for. In a spec they may belong to another table of it (S130).
  enum class Home { spec, file_of_its_own };
  void finish(Home home = Home::spec);

 private:
  void report_number(const Value& value, bool right_type, const std::string& key,
                     const std::string& expected);
  void report_choice(const Value& value, const std::string& key, const std::vector<std::string>& names);

  const Value::Table* table_;
  std::string header_;
  Problems& problems_;
  Position at_;
  std::vector<std::string> known_;
};

bool is_plain_name(const std::string& name);

// What may stand at the top of a spec, and in its [base].
const std::vector<std::string>& root_keys();
const std::vector<std::string>& base_keys();

// S130 where `key`, found in `where` ("[sweep]"; "" for the top of the file), belongs to the top or to
// [base]: TOML puts a bare key into the table whose header stands above it.
std::optional<Problem> misplaced(const std::string& key, const Position& at, const std::string& where);

// S106 where an item of `list` has this name already. `what`: "axes".
template <typename List>
void report_same_name(const List& list, const std::string& name, const Position& at, const std::string& what,
                      Problems& problems) {
  const auto same =
      std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.name == name; });
  if (same == list.end() || name.empty()) return;
  problems.add({"S106",
                at,
                "two " + what + " are named \"" + name + "\"",
                "",
                {"the first: " + problems.place(same->at, at)}});
}

}  // namespace umm::spec
