#include "spec/source.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string_view>

#include <toml++/toml.h>

#include "spec/problems.h"
#include "umm/options.h"

namespace umm::spec {
namespace {

Position position_of(const toml::source_region& region, int source) {
  Position at{source, region.begin.line, region.begin.column, 1};
  if (region.end.line == region.begin.line && region.end.column > region.begin.column) {
    at.width = region.end.column - region.begin.column;
  }
  return at;
}

Value convert(const toml::node& node, int source);

Value::Table convert_table(const toml::table& table, int source) {
  Value::Table entries;
  for (const auto& [key, node] : table) {
    entries.push_back({std::string(key.str()), position_of(key.source(), source), convert(node, source)});
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.key_at.line, a.key_at.column) < std::pair(b.key_at.line, b.key_at.column);
  });
  return entries;
}

Value convert(const toml::node& node, int source) {
  Value value;
  value.at = position_of(node.source(), source);
  if (const auto* table = node.as_table()) {
    value.data = convert_table(*table, source);
  } else if (const auto* array = node.as_array()) {
    Value::List list;
    for (const toml::node& element : *array) list.push_back(convert(element, source));
    value.data = std::move(list);
  } else if (const auto* text = node.as_string()) {
    value.data = text->get();
  } else if (const auto* integer = node.as_integer()) {
    value.data = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    value.data = number->get();
  } else if (const auto* boolean = node.as_boolean()) {
    value.data = boolean->get();
  }
  return value;
}

int64_t code_points(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  const size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// Key and value of an assignment, still as text.
struct Halves {
  std::string_view key, word;
  Position key_at, word_at;
};

// Reports `code` with `advice` where `text` is not key=value.
std::optional<Halves> halves(const std::string& text, int source, const std::string& code,
                             const std::string& advice, Problems& problems) {
  const auto reject = [&](const std::string& why) {
    problems.add({code, {source, 1, 1, std::max<int64_t>(1, code_points(text))}, why, "", {advice}});
    return std::nullopt;
  };
  const size_t equals = text.find('=');
  if (equals == std::string::npos) return reject("`" + text + "` is no setting: it has no `=`");
  const std::string_view key = trimmed(std::string_view(text).substr(0, equals));
  const std::string_view word = trimmed(std::string_view(text).substr(equals + 1));
  if (key.empty()) return reject("`" + text + "` names no key");
  if (word.empty()) return reject("`" + text + "` gives no value");
  const auto place = [&](std::string_view part) {
    const auto offset = static_cast<size_t>(part.data() - text.data());
    return Position{source, 1, 1 + code_points(std::string_view(text).substr(0, offset)), code_points(part)};
  };
  return Halves{key, word, place(key), place(word)};
}

// The value's place is that of the whole word: positions inside it would refer to a helper text.
void move_to(Value& value, const Position& at) {
  value.at = at;
  if (auto* list = std::get_if<Value::List>(&value.data)) {
    for (Value& element : *list) move_to(element, at);
  }
  if (auto* table = std::get_if<Value::Table>(&value.data)) {
    for (Entry& entry : *table) {
      entry.key_at = at;
      move_to(entry.value, at);
    }
  }
}

}  // namespace

SourceText source_text(std::string name, const std::string& text) {
  SourceText source{std::move(name), {}};
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    source.lines.push_back(std::move(line));
  }
  return source;
}

std::optional<Value::Table> parse_toml(const std::string& text, int source, Problems& problems) {
  try {
    return convert_table(toml::parse(text), source);
  } catch (const toml::parse_error& error) {
    problems.add({"S100",
                  position_of(error.source(), source),
                  "this is not valid TOML: " + std::string(error.description()),
                  "",
                  {}});
    return std::nullopt;
  }
}

std::optional<Entry> parse_assignment(const std::string& text, int source, Problems& problems) {
  const std::string advice = "write it as --set key=value, for example --set train.updates=20";
  const auto parts = halves(text, source, "S160", advice, problems);
  if (!parts) return std::nullopt;
  const auto reject = [&](const std::string& why) {
    const Position whole{source, 1, 1, std::max<int64_t>(1, code_points(text))};
    problems.add({"S160", whole, why, "", {advice}});
    return std::nullopt;
  };
  Entry entry{std::string(parts->key), parts->key_at, {}};
  try {
    const toml::table parsed = toml::parse("v = " + std::string(parts->word));
    if (parsed.size() != 1) return reject("`" + text + "` holds more than one setting");
    entry.value = convert(*parsed.get("v"), source);
  } catch (const toml::parse_error& error) {
    if (std::string_view("\"'[{").find(parts->word.front()) != std::string_view::npos) {
      return reject("the value of `" + entry.key +
                    "` is not valid TOML: " + std::string(error.description()));
    }
    entry.value.data = std::string(parts->word);
  }
  move_to(entry.value, parts->word_at);
  return entry;
}

std::optional<Entry> parse_pattern(const std::string& text, int source, Problems& problems) {
  const auto parts = halves(text, source, "S170",
                            "write it as --only axis=value, for example --only 'method=re*'", problems);
  if (!parts) return std::nullopt;
  return Entry{std::string(parts->key), parts->key_at, {parts->word_at, std::string(parts->word)}};
}

std::string type_name(const Value& value) {
  constexpr const char* kNames[] = {"a date or time", "true or false", "an integer", "a number",
                                    "text",           "a list",        "a table"};
  return kNames[value.data.index()];
}

std::string plain_text(const Value& value) {
  if (const auto* boolean = value.get<bool>()) return to_text(*boolean);
  if (const auto* integer = value.get<int64_t>()) return to_text(*integer);
  if (const auto* number = value.get<double>()) return to_text(*number);
  if (const auto* text = value.get<std::string>()) return *text;
  if (const auto* list = value.get<Value::List>()) {
    std::string joined;
    for (const Value& element : *list) joined += (joined.empty() ? "" : ", ") + plain_text(element);
    return "[" + joined + "]";
  }
  return type_name(value);
}

const Entry* find_entry(const Value::Table& table, const std::string& key) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Entry& e) { return e.key == key; });
  return found == table.end() ? nullptr : &*found;
}

bool same_value(const Value& a, const Value& b) {
  const auto number = [](const Value& value) -> std::optional<double> {
    if (const auto* integer = value.get<int64_t>()) return static_cast<double>(*integer);
    if (const auto* real = value.get<double>()) return *real;
    return std::nullopt;
  };
  if (a.get<int64_t>() && b.get<int64_t>()) return *a.get<int64_t>() == *b.get<int64_t>();
  if (const auto first = number(a), second = number(b); first && second)
    return *first == *second || (std::isnan(*first) && std::isnan(*second));
  if (a.data.index() != b.data.index()) return false;
  if (const auto* list = a.get<Value::List>()) {
    const auto& other = *b.get<Value::List>();
    return std::equal(list->begin(), list->end(), other.begin(), other.end(), same_value);
  }
  if (const auto* table = a.get<Value::Table>()) {
    const auto& other = *b.get<Value::Table>();
    return table->size() == other.size() &&
           std::all_of(table->begin(), table->end(), [&](const Entry& entry) {
             const Entry* twin = find_entry(other, entry.key);
             return twin != nullptr && same_value(entry.value, twin->value);
           });
  }
  return plain_text(a) == plain_text(b);
}

}  // namespace umm::spec
