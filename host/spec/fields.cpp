#include "spec/fields.h"

#include <fmt/format.h>

#include <algorithm>

namespace umm::spec {

const std::vector<std::string>& root_keys() {
  static const std::vector<std::string> keys = {
      "schema", "extends", "sweep",     "plugins",   "awaits", "base",   "axis",   "arm",
      "stage",  "eval",    "reference", "resources", "budget", "launch", "report", "metadata"};
  return keys;
}

const std::vector<std::string>& base_keys() {
  static const std::vector<std::string> keys = {"seed", "architecture", "method", "data", "train"};
  return keys;
}

std::optional<Problem> misplaced(const std::string& key, const Position& at, const std::string& where) {
  const std::string first = key.substr(0, key.find('.'));
  const auto in = [&](const std::vector<std::string>& keys) {
    return std::find(keys.begin(), keys.end(), first) != keys.end();
  };
  const bool single = first == "schema" || first == "extends";
  const bool list = first == "axis" || first == "arm" || first == "stage" || first == "reference";
  std::string home = single ? "the top of the file, above the first header"
                            : (list ? "[[" + first + "]]" : "[" + first + "]");
  if (in(base_keys())) {
    home = first == "seed" ? "[base]" : "[base." + first + "]";
  } else if (!in(root_keys())) {
    return std::nullopt;
  }
  return Problem{"S130",
                 at,
                 "`" + key + "` stands " + (where.empty() ? "at the top of the file" : "in " + where),
                 "its place is " + home,
                 {"a bare key belongs to the table whose header stands above it"}};
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

Fields::Fields(const Value& table, std::string header, Problems& problems)
    : table_(table.get<Value::Table>()), header_(std::move(header)), problems_(problems), at_(table.at) {}

const Value* Fields::find(const std::string& key) {
  if (!knows(key)) known_.push_back(key);
  for (const Entry& entry : *table_) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

std::string Fields::text(const std::string& key) {
  const Value* value = find(key);
  if (value == nullptr) {
    report_missing(key);
    return "";
  }
  const auto* text = value->get<std::string>();
  if (text != nullptr && !text->empty()) return *text;
  report_type(*value, key, "text that is not empty");
  return "";
}

std::string Fields::text(const std::string& key, const std::string& otherwise) {
  const Value* value = find(key);
  if (value == nullptr) return otherwise;
  if (const auto* text = value->get<std::string>()) return *text;
  report_type(*value, key, "text");
  return otherwise;
}

bool Fields::flag(const std::string& key, bool otherwise) {
  const Value* value = find(key);
  if (value == nullptr) return otherwise;
  if (const auto* flag = value->get<bool>()) return *flag;
  report_type(*value, key, "true or false");
  return otherwise;
}

std::vector<Value> Fields::list(const std::string& key) {
  const Value* value = find(key);
  if (value == nullptr) {
    report_missing(key);
    return {};
  }
  if (const auto* list = value->get<Value::List>()) return *list;
  report_type(*value, key, "a list");
  return {};
}

double Fields::number(const std::string& key, double otherwise, double least, double most) {
  const Value* value = find(key);
  if (value == nullptr) return otherwise;
  const auto* real = value->get<double>();
  const auto* whole = value->get<int64_t>();
  const double found = real != nullptr ? *real : whole != nullptr ? static_cast<double>(*whole) : least - 1;
  if (found >= least && found <= most) return found;
  report_number(*value, real != nullptr || whole != nullptr, key,
                fmt::format("a number from {:g} to {:g}", least, most));
  return otherwise;
}

int64_t Fields::integer(const std::string& key, int64_t otherwise, int64_t least, int64_t most) {
  const Value* value = find(key);
  if (value == nullptr) return otherwise;
  const auto* found = value->get<int64_t>();
  if (found != nullptr && *found >= least && *found <= most) return *found;
  report_number(*value, found != nullptr, key, fmt::format("an integer from {} to {}", least, most));
  return otherwise;
}

std::vector<std::string> Fields::texts(const std::string& key) {
  const Value* value = find(key);
  if (value == nullptr) return {};
  std::vector<std::string> found;
  const auto* list = value->get<Value::List>();
  for (const Value& element : list == nullptr ? Value::List() : *list) {
    if (const auto* text = element.get<std::string>()) found.push_back(*text);
  }
  if (list == nullptr || found.size() < list->size()) report_type(*value, key, "a list of text");
  return found;
}

void Fields::check_schema(const std::string& files) {
  const Value* schema = find("schema");
  const auto* version = schema == nullptr ? nullptr : schema->get<int64_t>();
  if (version != nullptr && *version == 1) return;
  problems_.add({"S112",
                 schema == nullptr ? at_ : schema->at,
                 schema == nullptr
                     ? "`schema` is missing"
                     : "this program reads " + files + " of schema 1, found " + plain_text(*schema),
                 "",
                 {"write `schema = 1` in the first line"}});
}

std::string Fields::name() {
  const std::string name = text("name");
  if (!name.empty() && !is_plain_name(name)) {
    problems_.add({"S113",
                   find("name")->at,
                   "\"" + name + "\" cannot be a name in " + header_,
                   "",
                   {"names consist of letters, digits, `_` and `-`"}});
  }
  return name;
}

void Fields::report_missing(const std::string& key) {
  problems_.add({"S107", at_, "`" + key + "` is missing in " + header_, "", {}});
}

void Fields::report_type(const Value& value, const std::string& key, const std::string& expected) {
  problems_.add({"S102",
                 value.at,
                 "`" + key + "` in " + header_ + " must be " + expected + ", found " + type_name(value),
                 "",
                 {}});
}

void Fields::report_number(const Value& value, bool right_type, const std::string& key,
                           const std::string& expected) {
  const bool number = value.get<int64_t>() != nullptr || value.get<double>() != nullptr;
  const std::string found = number ? plain_text(value) : type_name(value);
  problems_.add({right_type ? "S121" : "S102",
                 value.at,
                 "`" + key + "` in " + header_ + " must be " + expected + ", found " + found,
                 "",
                 {}});
}

void Fields::report_choice(const Value& value, const std::string& key,
                           const std::vector<std::string>& names) {
  const auto* text = value.get<std::string>();
  if (text == nullptr) return report_type(value, key, "one of " + join(names));
  problems_.add({"S122",
                 value.at,
                 "`" + key + "` in " + header_ + " cannot be \"" + *text + "\"",
                 did_you_mean(*text, names),
                 {"one of " + join(names)}});
}

bool Fields::knows(const std::string& key) const {
  return std::find(known_.begin(), known_.end(), key) != known_.end();
}

void Fields::finish(Home home) {
  for (const Entry& entry : *table_) {
    if (knows(entry.key)) continue;
    auto problem =
        home == Home::spec ? misplaced(entry.key, entry.key_at, header_) : std::optional<Problem>();
    if (problem) {
      problems_.add(std::move(*problem));
      continue;
    }
    problems_.add({"S101",
                   entry.key_at,
                   "unknown key `" + entry.key + "` in " + header_,
                   did_you_mean(entry.key, known_),
                   {"known keys here: " + join(known_)}});
  }
}

}  // namespace umm::spec
