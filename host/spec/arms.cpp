#include "spec/arms.h"

#include <algorithm>
#include <map>

#include "spec/fields.h"

namespace umm::spec {
namespace {

void read_condition(Context& context, const Outline& outline, const Entry& entry, Arm& arm) {
  const auto axis = std::find_if(outline.axes.begin(), outline.axes.end(),
                                 [&](const Axis& candidate) { return candidate.name == entry.key; });
  if (axis == outline.axes.end()) {
    std::vector<std::string> names;
    for (const Axis& candidate : outline.axes) names.push_back(candidate.name);
    context.problems.add({"S109",
                          entry.key_at,
                          "`when` refers to an axis that does not exist: \"" + entry.key + "\"",
                          did_you_mean(entry.key, names),
                          {"axes here: " + join(names)}});
    return;
  }
  Arm::Condition condition{static_cast<size_t>(axis - outline.axes.begin()), {}};
  const auto* list = entry.value.get<Value::List>();
  condition.any_of = list == nullptr ? std::vector<Value>{entry.value} : *list;
  std::vector<std::string> texts;
  for (const Setting* setting : axis->values) texts.push_back(plain_text(setting->value));
  for (const Value& value : condition.any_of) {
    if (axis->find(value) != nullptr) continue;
    context.problems.add({"S109",
                          value.at,
                          "axis \"" + axis->name + "\" has no value " + plain_text(value),
                          did_you_mean(plain_text(value), texts),
                          {"its values: " + join(texts)}});
  }
  arm.when.push_back(std::move(condition));
}

const Value::Table* table_field(Fields& fields, const std::string& key) {
  const Value* value = fields.find(key);
  if (value == nullptr) return nullptr;
  const auto* table = value->get<Value::Table>();
  if (table == nullptr) fields.report_type(*value, key, "a table");
  return table;
}

// The file's values stay behind the new ones: they are still checked, and what they alone use is no mistake.
void replace_values(Context& context, Outline& outline, Axis& axis, Setting& setting) {
  const auto* list = setting.value.get<Value::List>();
  const bool many = list != nullptr && axis.values.front()->value.get<Value::List>() == nullptr;
  if (!many) outline.replacements.push_back(&setting);
  Settings values;
  for (const Value& value : many ? *list : Value::List{setting.value}) {
    outline.store.push_back(setting);
    outline.store.back().value = value;
    values.push_back(&outline.store.back());
  }
  if (values.empty()) {
    context.problems.add(
        {"S105", setting.value.at, "axis \"" + axis.name + "\" would have no values", "", {}});
    return;
  }
  const size_t num_kept = values.size();
  for (Setting* earlier : axis.values) {
    const bool replaced = std::any_of(values.begin(), values.end(), [&](const Setting* other) {
      return same_value(other->value, earlier->value);
    });
    if (!replaced && earlier->layer == Layer::axis) values.push_back(earlier);
  }
  axis.values = std::move(values);
  axis.num_kept = num_kept;
}

}  // namespace

void read_arm(Context& context, Outline& outline, const Value& table) {
  Fields fields(table, "[[arm]]", context.problems);
  Arm arm;
  const auto* when = table_field(fields, "when");
  if (when == nullptr || when->empty()) {
    context.problems.add({"S107",
                          fields.at(),
                          "`when` is missing in [[arm]]",
                          "",
                          {"what holds for all runs belongs to [base]"}});
  } else {
    for (const Entry& entry : *when) read_condition(context, outline, entry, arm);
  }
  const auto* set = table_field(fields, "set");
  arm.skip = fields.flag("skip");
  if (fields.find("because") != nullptr) fields.text("because");
  if (set == nullptr && !arm.skip) fields.report_missing("set");
  Flattening flattening{outline.store, arm.settings, context.problems, Layer::arm, "`set` of [[arm]]"};
  if (set != nullptr) {
    for (const Entry& entry : *set) flattening.add(entry);
  }
  fields.finish();
  // An arm whose conditions were all unfit would hold everywhere.
  if (!arm.when.empty()) outline.arms.push_back(std::move(arm));
}

void read_command_line(Context& context, Outline& outline, const std::vector<Entry>& entries) {
  for (const Entry& entry : entries) {
    Settings settings;
    Flattening{outline.store, settings, context.problems, Layer::command_line, "--set"}.add(entry);
    for (Setting* setting : settings) {
      const auto axis = std::find_if(outline.axes.begin(), outline.axes.end(),
                                     [&](const Axis& candidate) { return candidate.key == setting->key; });
      if (axis == outline.axes.end()) {
        outline.command_line.push_back(setting);
      } else {
        replace_values(context, outline, *axis, *setting);
      }
    }
  }
}

void check_stage_keys(Context& context, const Outline& outline) {
  std::vector<std::string> names;
  for (const Stage& stage : outline.stages) {
    if (!stage.name.empty()) names.push_back(stage.name);
  }
  for (const Setting& setting : outline.store) {
    const std::vector<std::string> parts = split_key(setting.key);
    const bool has_stage = parts.size() > 2 && std::find(names.begin(), names.end(), parts[1]) != names.end();
    if (parts[0] != "stage" || has_stage) continue;
    const size_t place = std::min<size_t>(1, setting.segments.size() - 1);
    context.problems.add({"S101",
                          setting.segments[place],
                          "`" + setting.key + "` names no stage of this spec",
                          parts.size() > 1 ? did_you_mean(parts[1], names) : "",
                          {names.empty() ? "there is no [[stage]] here" : "stages here: " + join(names)}});
  }
}

void check_arms_agree(Context& context, const std::vector<const Arm*>& arms, const std::string& label) {
  std::map<std::string, const Setting*> first;
  for (const Arm* arm : arms) {
    for (const Setting* setting : arm->settings) {
      const auto [known, is_new] = first.emplace(setting->key, setting);
      if (is_new) continue;
      const Position& other = known->second->segments.back();
      context.problems.add({"S150",
                            setting->segments.back(),
                            "two arms set `" + setting->key + "` for the same runs",
                            "",
                            {"the other: line " + std::to_string(other.line) + ", column " +
                             std::to_string(other.column) + "; first clash: " + label}});
    }
  }
}

}  // namespace umm::spec
