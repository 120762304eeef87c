#include "spec/outline.h"

#include <algorithm>

#include "spec/arms.h"
#include "spec/fields.h"

namespace umm::spec {
namespace {

const std::vector<std::string> kRootKeys = {"schema",    "sweep", "base", "axis",      "arm",
                                            "reference", "stage", "eval", "resources", "metadata"};
const std::vector<std::string> kBaseKeys = {"seed", "architecture", "method", "data", "train"};
const std::vector<std::string> kStageKeys = {"method", "data", "train"};

class Reader {
 public:
  Reader(Context& context, Outline& outline)
      : problems_(context.problems), context_(context), outline_(outline) {}

  void read(const Value::Table& root);

 private:
  void read_root_entry(const Entry& entry);
  void read_schema(const Value::Table& root);
  void read_base(const Entry& entry);
  void read_evaluations(const Entry& entry);
  void read_stage(const Value& table);
  void read_axis(const Value& table);
  void read_axis_values(const Value& values, Axis& axis, Fields& fields);
  void read_reference(const Value& table);

  template <typename Read>
  void each(const Entry& entry, Read read);

  template <typename List>
  void check_new_name(const List& list, const std::string& name, Position at, const std::string& what);

  bool expect_table(const Entry& entry);
  bool expect_key(const Entry& entry, const std::vector<std::string>& known, const std::string& header);

  Problems& problems_;
  Context& context_;
  Outline& outline_;
};

bool Reader::expect_table(const Entry& entry) {
  if (entry.value.get<Value::Table>() != nullptr) return true;
  problems_.add({"S102",
                 entry.value.at,
                 "`" + entry.key + "` must be a table, found " + type_name(entry.value),
                 "",
                 {"write it as a header: [" + entry.key + "]"}});
  return false;
}

bool Reader::expect_key(const Entry& entry, const std::vector<std::string>& known,
                        const std::string& header) {
  if (std::find(known.begin(), known.end(), entry.key) != known.end()) return true;
  // A key with dots is a path: its first part decides.
  const std::string first = split_key(entry.key).front();
  if (first != entry.key && std::find(known.begin(), known.end(), first) != known.end()) return true;
  problems_.add({"S101",
                 entry.key_at,
                 "unknown key `" + entry.key + "`" + header,
                 did_you_mean(entry.key, known),
                 {"known keys here: " + join(known)}});
  return false;
}

template <typename Read>
void Reader::each(const Entry& entry, Read read) {
  const auto* list = entry.value.get<Value::List>();
  const bool tables = list != nullptr && std::all_of(list->begin(), list->end(), [](const Value& value) {
                        return value.get<Value::Table>() != nullptr;
                      });
  if (!tables) {
    problems_.add({"S102",
                   entry.key_at,
                   "`" + entry.key + "` must be a list of tables",
                   "",
                   {"write each as a header in double brackets: [[" + entry.key + "]]"}});
    return;
  }
  for (const Value& table : *list) read(table);
}

template <typename List>
void Reader::check_new_name(const List& list, const std::string& name, Position at, const std::string& what) {
  const auto same =
      std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.name == name; });
  if (same == list.end() || name.empty()) return;
  problems_.add({"S106",
                 at,
                 "two " + what + " are named \"" + name + "\"",
                 "",
                 {"first in line " + std::to_string(same->at.line)}});
}

void Reader::read_schema(const Value::Table& root) {
  const auto found = std::find_if(root.begin(), root.end(), [](const Entry& e) { return e.key == "schema"; });
  if (found == root.end()) {
    problems_.add({"S112", {}, "`schema` is missing", "", {"write `schema = 1` in the first line"}});
    return;
  }
  const auto* version = found->value.get<int64_t>();
  if (version != nullptr && *version == 1) return;
  problems_.add({"S112",
                 found->value.at,
                 "this program reads specs of schema 1, found " + plain_text(found->value),
                 "",
                 {}});
}

void Reader::read(const Value::Table& root) {
  read_schema(root);
  // Arms refer to axes, wherever they stand.
  for (const Entry& entry : root) {
    if (entry.key != "arm") read_root_entry(entry);
  }
  for (const Entry& entry : root) {
    if (entry.key == "arm") each(entry, [this](const Value& table) { read_arm(context_, outline_, table); });
  }
  if (outline_.stages.empty()) outline_.stages.push_back({});
}

void Reader::read_root_entry(const Entry& entry) {
  if (!expect_key(entry, kRootKeys, "")) return;
  if (entry.key == "axis") return each(entry, [this](const Value& table) { read_axis(table); });
  if (entry.key == "reference") return each(entry, [this](const Value& table) { read_reference(table); });
  if (entry.key == "stage") return each(entry, [this](const Value& table) { read_stage(table); });
  if (entry.key == "schema" || entry.key == "metadata" || !expect_table(entry)) return;
  if (entry.key == "base") return read_base(entry);
  if (entry.key == "eval") return read_evaluations(entry);
  Flattening{outline_.store, outline_.base, problems_, Layer::base, ""}.add(entry);
}

void Reader::read_base(const Entry& entry) {
  outline_.base_at = entry.key_at;
  Flattening flattening{outline_.store, outline_.base, problems_, Layer::base, "base"};
  for (const Entry& inner : *entry.value.get<Value::Table>()) {
    if (expect_key(inner, kBaseKeys, " in [base]")) flattening.add(inner);
  }
}

void Reader::read_evaluations(const Entry& entry) {
  for (const Entry& evaluation : *entry.value.get<Value::Table>()) {
    if (evaluation.value.get<Value::Table>() == nullptr) {
      problems_.add({"S102",
                     evaluation.key_at,
                     "[eval] holds one table per evaluation, found the key `" + evaluation.key + "`",
                     "",
                     {"for example [eval.geneval]"}});
    } else if (!is_plain_name(evaluation.key)) {
      problems_.add({"S113",
                     evaluation.key_at,
                     "\"" + evaluation.key + "\" cannot be the name of an evaluation",
                     "",
                     {"names consist of letters, digits, `_` and `-`"}});
    } else {
      outline_.evaluations.push_back({evaluation.key, evaluation.key_at});
      Flattening{outline_.store, outline_.base, problems_, Layer::base, ""}.add(evaluation, "eval",
                                                                                {entry.key_at});
    }
  }
}

void Reader::read_stage(const Value& table) {
  Fields fields(table, "[[stage]]", problems_);
  Stage stage{fields.name(), fields.at(), {}};
  check_new_name(outline_.stages, stage.name, stage.at, "stages");
  Flattening flattening{outline_.store, stage.settings, problems_, Layer::stage, "stage"};
  for (const std::string& key : kStageKeys) fields.find(key);
  for (const Entry& entry : *table.get<Value::Table>()) {
    if (std::find(kStageKeys.begin(), kStageKeys.end(), entry.key) != kStageKeys.end()) flattening.add(entry);
  }
  fields.finish();
  outline_.stages.push_back(std::move(stage));
}

void Reader::read_axis(const Value& table) {
  Fields fields(table, "[[axis]]", problems_);
  Axis axis;
  axis.name = fields.text("name");
  axis.at = fields.at();
  axis.key = fields.text("key");
  check_new_name(outline_.axes, axis.name, axis.at, "axes");
  for (const Axis& other : outline_.axes) {
    if (other.key != axis.key || axis.key.empty()) continue;
    problems_.add({"S106",
                   fields.find("key")->at,
                   "two axes sweep `" + axis.key + "`",
                   "",
                   {"the other is \"" + other.name + "\", line " + std::to_string(other.at.line)}});
  }
  if (const Value* values = fields.find("values")) {
    read_axis_values(*values, axis, fields);
  } else {
    fields.report_missing("values");
  }
  axis.num_kept = axis.values.size();
  axis.replicate = fields.flag("replicate");
  fields.finish();
  if (axis.key == "seed" && !axis.replicate) {
    problems_.add({"S201",
                   axis.at,
                   "axis \"" + axis.name +
                       "\" sweeps the seed without `replicate = true`: "
                       "seeds become rows of the table",
                   "",
                   {}});
  }
  if (axis.values.empty()) {
    context_.undecided.insert(axis.key);
  } else {
    outline_.axes.push_back(std::move(axis));
  }
}

void Reader::read_axis_values(const Value& values, Axis& axis, Fields& fields) {
  const auto* list = values.get<Value::List>();
  if (list == nullptr) return fields.report_type(values, "values", "a list");
  if (list->empty()) {
    problems_.add({"S105",
                   values.at,
                   "axis \"" + axis.name + "\" has no values",
                   "",
                   {"one value is enough; without the axis, write the value in [base]"}});
  }
  if (axis.key.empty()) return;
  const Position key_at = fields.find("key")->at;
  for (const Value& value : *list) {
    if (axis.find(value) != nullptr) {
      problems_.add({"S106",
                     value.at,
                     "axis \"" + axis.name + "\" has the value " + plain_text(value) + " twice",
                     "",
                     {}});
      continue;
    }
    outline_.store.push_back({axis.key, value, {key_at}, Layer::axis, "axis \"" + axis.name + "\""});
    axis.values.push_back(&outline_.store.back());
  }
}

void Reader::read_reference(const Value& table) {
  Fields fields(table, "[[reference]]", problems_);
  const Named reference{fields.text("name"), fields.at()};
  fields.finish();
  check_new_name(outline_.references, reference.name, reference.at, "references");
  outline_.references.push_back(reference);
}

}  // namespace

const Setting* Axis::find(const Value& value) const {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const Setting* setting) { return same_value(setting->value, value); });
  return found == values.end() ? nullptr : *found;
}

Outline read_outline(Context& context, const Value::Table& root, const std::vector<Entry>& command_line) {
  Outline outline;
  Reader(context, outline).read(root);
  read_command_line(context, outline, command_line);
  check_stage_keys(context, outline);
  return outline;
}

}  // namespace umm::spec
