#include "spec/axes.h"

#include <algorithm>
#include <set>

#include "spec/fields.h"

namespace umm::spec {
namespace {

// An item of `values` or `rows`.
struct Item {
  const Value* value;
  std::string label;
};

class AxisReader {
 public:
  AxisReader(Context& context, Outline& outline, const Value& table)
      : context_(context),
        problems_(context.problems),
        outline_(outline),
        fields_(table, "[[axis]]", context.problems) {}

  void read();

 private:
  bool choose_form(const Value::Table& table);
  void read_keys();
  void add_key(const std::string& key, const Position& at);
  void read_choices(const std::vector<Value>& items);
  bool read_row(const Value& item);
  std::vector<std::string> read_labels(size_t num_items);
  void check_choice(const Choice& choice, const Value& item);
  void finish();

  Context& context_;
  Problems& problems_;
  Outline& outline_;
  Fields fields_;
  Axis axis_;
  std::vector<Position> keys_at_;
};

// False where both forms are there; whichever was meant, the other is a mistake.
bool AxisReader::choose_form(const Value::Table& table) {
  const Entry* simple = nullptr;
  const Entry* coupled = nullptr;
  for (const Entry& entry : table) {
    if (simple == nullptr && (entry.key == "key" || entry.key == "values")) simple = &entry;
    if (coupled == nullptr && (entry.key == "keys" || entry.key == "rows")) coupled = &entry;
  }
  axis_.coupled = coupled != nullptr;
  if (simple == nullptr || coupled == nullptr) return true;
  problems_.add({"S116",
                 coupled->key_at,
                 "axis \"" + axis_.name + "\" has `" + simple->key + "` and `" + coupled->key + "`",
                 "",
                 {"an axis is `key` with `values`, or `keys` with `rows` that hold one value for each key"}});
  for (const char* key : {"key", "values", "keys", "rows", "labels", "replicate"}) fields_.find(key);
  // What it would have set is not missing.
  for (const char* field : {"key", "keys"}) {
    const Value* value = fields_.find(field);
    const auto* list = value == nullptr ? nullptr : value->get<Value::List>();
    for (const Value& key : list != nullptr ? *list : Value::List{value == nullptr ? Value{} : *value})
      if (const auto* text = key.get<std::string>()) context_.undecided.insert(*text);
  }
  return false;
}

void AxisReader::add_key(const std::string& key, const Position& at) {
  if (axis_.sweeps(key)) {
    problems_.add({"S106", at, "axis \"" + axis_.name + "\" has the key `" + key + "` twice", "", {}});
    return;
  }
  for (const Axis& other : outline_.axes) {
    if (!other.sweeps(key)) continue;
    problems_.add({"S106",
                   at,
                   "two axes sweep `" + key + "`",
                   "",
                   {"the other is \"" + other.name + "\", " + problems_.place(other.at, at)}});
  }
  axis_.keys.push_back(key);
  keys_at_.push_back(at);
}

void AxisReader::read_keys() {
  if (!axis_.coupled) {
    const std::string key = fields_.text("key");
    if (!key.empty()) add_key(key, fields_.find("key")->at);
    return;
  }
  for (const Value& value : fields_.list("keys")) {
    const auto* key = value.get<std::string>();
    if (key != nullptr && !key->empty())
      add_key(*key, value.at);
    else
      fields_.report_type(value, "keys", "a list of text");
  }
}

// One label for each item, or none.
std::vector<std::string> AxisReader::read_labels(size_t num_items) {
  const Value* value = fields_.find("labels");
  if (value == nullptr) return {};
  std::vector<std::string> labels;
  for (const Value& label : fields_.list("labels")) {
    const auto* text = label.get<std::string>();
    if (text == nullptr || text->empty()) {
      fields_.report_type(label, "labels", "a list of text");
      return {};
    }
    if (std::find(labels.begin(), labels.end(), *text) != labels.end())
      problems_.add(
          {"S106", label.at, "axis \"" + axis_.name + "\" has the label \"" + *text + "\" twice", "", {}});
    labels.push_back(*text);
  }
  if (labels.size() == num_items) return labels;
  problems_.add({"S115",
                 value->at,
                 "axis \"" + axis_.name + "\" has " + std::to_string(labels.size()) + " labels for " +
                     std::to_string(num_items) + (axis_.coupled ? " rows" : " values"),
                 "",
                 {}});
  return {};
}

bool AxisReader::read_row(const Value& item) {
  const auto* row = item.get<Value::List>();
  if (row == nullptr) {
    fields_.report_type(item, "rows", "a list of lists");
    return false;
  }
  if (row->size() == axis_.keys.size()) return true;
  problems_.add({"S115",
                 item.at,
                 "a row of axis \"" + axis_.name + "\" has " + std::to_string(row->size()) + " values for " +
                     std::to_string(axis_.keys.size()) + " keys",
                 "",
                 {"keys: " + join(axis_.keys)}});
  return false;
}

// Conditions must not be able to mean two choices.
void AxisReader::check_choice(const Choice& choice, const Value& item) {
  const Value label{item.at, choice.label};
  for (const Choice& other : axis_.choices) {
    const bool unclear = other.is(label) || choice.is({item.at, other.label});
    if (!unclear || other.label == choice.label) continue;
    problems_.add({"S106",
                   item.at,
                   "axis \"" + axis_.name + "\": a label of one value is another's value: \"" + choice.label +
                       "\", \"" + other.label + "\"",
                   "",
                   {}});
  }
}

void AxisReader::read_choices(const std::vector<Value>& items) {
  const std::vector<std::string> labels = read_labels(items.size());
  axis_.labelled = !labels.empty();
  if (axis_.keys.empty()) return;
  std::vector<const Value*> kept;
  for (size_t i = 0; i < items.size(); ++i) {
    const Value& item = items[i];
    if (axis_.coupled && !read_row(item)) continue;
    if (std::any_of(kept.begin(), kept.end(), [&](const Value* other) { return same_value(*other, item); })) {
      problems_.add({"S106",
                     item.at,
                     "axis \"" + axis_.name + "\" has the " + (axis_.coupled ? "row " : "value ") +
                         plain_text(item) + " twice",
                     "",
                     {}});
      continue;
    }
    Choice choice;
    const auto row = axis_.coupled ? *item.get<Value::List>() : Value::List{item};
    for (size_t k = 0; k < row.size(); ++k) {
      outline_.store.push_back(
          {axis_.keys[k], row[k], {keys_at_[k]}, Layer::axis, "axis \"" + axis_.name + "\""});
      choice.settings.push_back(&outline_.store.back());
    }
    choice.named = axis_.labelled;
    if (axis_.labelled) {
      choice.label = labels[i];
      check_choice(choice, item);
    }
    axis_.choices.push_back(std::move(choice));
    kept.push_back(&item);
  }
  if (!axis_.labelled) name_choices(axis_.choices, axis_.coupled);
}

void AxisReader::finish() {
  fields_.finish();
  if (axis_.sweeps("seed") && !axis_.replicate && axis_.choices.size() > 1) {
    problems_.add({"S201",
                   axis_.at,
                   "axis \"" + axis_.name + "\" has " + std::to_string(axis_.choices.size()) +
                       " seeds without `replicate = true`: seeds become rows of the table",
                   "",
                   {}});
  }
  axis_.num_kept = axis_.choices.size();
  if (axis_.choices.empty())
    context_.undecided.insert(axis_.keys.begin(), axis_.keys.end());
  else
    outline_.axes.push_back(std::move(axis_));
}

void AxisReader::read() {
  axis_.name = fields_.text("name");
  axis_.at = fields_.at();
  report_same_name(outline_.axes, axis_.name, axis_.at, "axes", problems_);
  if (choose_form(fields_.table())) {
    read_keys();
    const std::string list = axis_.coupled ? "rows" : "values";
    const std::vector<Value> items = fields_.list(list);
    const Value* value = fields_.find(list);
    if (value != nullptr && items.empty() && value->get<Value::List>() != nullptr) {
      problems_.add({"S105",
                     value->at,
                     "axis \"" + axis_.name + "\" has no " + list,
                     "",
                     {"one is enough; without the axis, write the value in [base]"}});
    }
    if (axis_.coupled && axis_.keys.empty() && fields_.find("keys") != nullptr)
      problems_.add({"S105", fields_.find("keys")->at, "axis \"" + axis_.name + "\" has no keys", "", {}});
    read_choices(items);
    axis_.replicate = fields_.flag("replicate");
  }
  finish();
}

// Rows that are alike in all but type have one text.
bool all_differ(const std::vector<Choice>& choices) {
  std::set<std::string> labels;
  return std::all_of(choices.begin(), choices.end(),
                     [&](const Choice& choice) { return labels.insert(choice.label).second; });
}

}  // namespace

bool Choice::is(const Value& value) const {
  if (const auto* text = value.get<std::string>(); text != nullptr && named && *text == label) return true;
  if (settings.size() == 1 && same_value(settings.front()->value, value)) return true;
  const auto* row = value.get<Value::List>();
  return row != nullptr && named &&
         std::equal(
             row->begin(), row->end(), settings.begin(), settings.end(),
             [](const Value& given, const Setting* setting) { return same_value(given, setting->value); });
}

const Choice* Axis::find(const Value& value) const {
  const auto found =
      std::find_if(choices.begin(), choices.end(), [&](const Choice& choice) { return choice.is(value); });
  return found == choices.end() ? nullptr : &*found;
}

std::vector<std::string> Axis::labels() const {
  std::vector<std::string> result;
  for (size_t i = 0; i < num_kept; ++i) result.push_back(choices[i].label);
  return result;
}

bool Axis::sweeps(const std::string& key) const {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void name_choices(std::vector<Choice>& choices, bool coupled) {
  for (Choice& choice : choices) {
    choice.label = plain_text(choice.settings.front()->value);
    choice.named = coupled;
  }
  if (!coupled || all_differ(choices)) return;
  for (Choice& choice : choices) {
    std::vector<std::string> texts;
    for (const Setting* setting : choice.settings) texts.push_back(plain_text(setting->value));
    choice.label = join(texts, " ");
  }
}

void read_axis(Context& context, Outline& outline, const Value& table) {
  AxisReader(context, outline, table).read();
}

}  // namespace umm::spec
