// A spec as it was written: TOML's values with the place of every key and value, nothing interpreted yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace umm::spec {

class Problems;

// Lines and columns count from 1; a column is one code point, a tab included.
struct Position {
  int source =
      0;  // index into Problems::sources(): 0 is the spec, then what it extends, then the command line
  int64_t line = 1;
  int64_t column = 1;
  int64_t width = 1;  // code points on that line
};

struct Entry;

struct Value {
  using List = std::vector<Value>;
  using Table = std::vector<Entry>;  // in file order

  Position at;
  std::variant<std::monostate, bool, int64_t, double, std::string, List, Table> data;  // monostate: a date

  template <typename T>
  const T* get() const {
    return std::get_if<T>(&data);
  }
};

struct Entry {
  std::string key;
  Position key_at;
  Value value;
};

// What the caret lines of a message are taken from.
struct SourceText {
  std::string name;  // file name as the user gave it, "--set" or "--only"
  std::vector<std::string> lines;
};

SourceText source_text(std::string name, const std::string& text);

// Reports S100 and returns nothing where `text` is not TOML.
std::optional<Value::Table> parse_toml(const std::string& text, int source, Problems& problems);

// `train.updates=20`: the value is TOML, or a bare word that stands for text. Reports S160.
std::optional<Entry> parse_assignment(const std::string& text, int source, Problems& problems);

// `arch=harmon*`: the value is the text behind the first `=` as it is. Reports S170.
std::optional<Entry> parse_pattern(const std::string& text, int source, Problems& problems);

// "an integer", "text", ...: what a message says was found.
std::string type_name(const Value& value);

// The value as labels and messages show it: text without quotes, floats in their shortest form.
std::string plain_text(const Value& value);

// The entry of `table` with this key; nullptr: none.
const Entry* find_entry(const Value::Table& table, const std::string& key);

// Equal as settings: 2 and 2.0 are, 2 and "2" are not; nan is nan.
bool same_value(const Value& a, const Value& b);

}  // namespace umm::spec
