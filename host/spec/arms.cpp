#include "spec/arms.h"

#include <algorithm>
#include <map>

#include "spec/fields.h"

namespace umm::spec {
namespace {

// `when = { lr = [1, 2] }`: one of these; but a list may also be what one choice sets.
std::vector<Value> alternatives(const Axis& axis, const Value& value) {
  const auto* list = value.get<Value::List>();
  if (list == nullptr) return {value};
  const bool each = std::all_of(list->begin(), list->end(),
                                [&](const Value& element) { return axis.find(element) != nullptr; });
  return !each && axis.find(value) != nullptr ? std::vector<Value>{value} : *list;
}

std::string choices_text(const Axis& axis) {
  std::vector<std::string> texts;
  for (const Choice& choice : axis.choices) {
    std::vector<std::string> values;
    for (const Setting* setting : choice.settings) values.push_back(plain_text(setting->value));
    const std::string value = axis.coupled ? "[" + join(values) + "]" : values.front();
    texts.push_back(choice.named ? choice.label + " = " + value : value);
  }
  return (axis.coupled ? "its rows: " : "its values: ") + join(texts);
}

void read_condition(Context& context, const Outline& outline, const Entry& entry, Arm& arm) {
  const auto axis = std::find_if(outline.axes.begin(), outline.axes.end(),
                                 [&](const Axis& candidate) { return candidate.name == entry.key; });
  arm.when_text += (arm.when_text.empty() ? "" : ", ") + entry.key + " = " + plain_text(entry.value);
  if (axis == outline.axes.end()) {
    std::vector<std::string> names;
    for (const Axis& candidate : outline.axes) names.push_back(candidate.name);
    context.problems.add({"S109",
                          entry.key_at,
                          "`when` refers to an axis that does not exist: \"" + entry.key + "\"",
                          did_you_mean(entry.key, names),
                          {names.empty() ? "there is no [[axis]] here" : "axes here: " + join(names)}});
    return;
  }
  Arm::Condition condition{static_cast<size_t>(axis - outline.axes.begin()),
                           alternatives(*axis, entry.value)};
  for (const Value& value : condition.any_of) {
    if (axis->find(value) != nullptr) continue;
    context.problems.add(
        {"S109",
         value.at,
         "axis \"" + axis->name + "\" has no " + (axis->coupled ? "row " : "value ") + plain_text(value),
         did_you_mean(plain_text(value), axis->labels()),
         {choices_text(*axis)}});
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

// What an arm does: it sets, or it skips and says why.
void read_effect(Context& context, Outline& outline, Fields& fields, Arm& arm) {
  const auto* set = table_field(fields, "set");
  arm.skip = fields.flag("skip");
  if (arm.skip || fields.find("because") != nullptr) arm.because = fields.text("because");
  if (set == nullptr) {
    if (!arm.skip) fields.report_missing("set");
    return;
  }
  if (arm.skip) {
    context.problems.add({"S117",
                          find_entry(fields.table(), "set")->key_at,
                          "an arm that skips its runs has nothing to set",
                          "",
                          {"remove `set`, or `skip`"}});
  }
  Flattening flattening{outline.store, arm.settings, context.problems, Layer::arm, "`set` of [[arm]]"};
  for (const Entry& entry : *set) flattening.add(entry);
}

}  // namespace

void read_arm(Context& context, Outline& outline, const Value& table) {
  Fields fields(table, "[[arm]]", context.problems);
  Arm arm;
  arm.at = fields.at();
  if (fields.find("name") != nullptr) arm.name = fields.text("name");
  report_same_name(outline.arms, arm.name, arm.at, "arms", context.problems);
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
  read_effect(context, outline, fields, arm);
  fields.finish();
  // An arm whose conditions were all unfit would hold everywhere.
  if (!arm.when.empty()) outline.arms.push_back(std::move(arm));
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
                            {"the other: " + context.problems.place(other, setting->segments.back()) +
                             "; first clash: " + label}});
    }
  }
}

}  // namespace umm::spec
