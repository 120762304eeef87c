// The parts of a spec before they are multiplied: base settings, stages, axes, arms, references, evaluations.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "spec/context.h"

namespace umm::spec {

struct Stage {
  std::string name;  // "" for the single stage of a spec without [[stage]]: it takes the method's id
  Position at;
  Settings settings;
};

struct Axis {
  std::string name;
  Position at;
  std::string key;
  bool replicate = false;
  Settings values;      // one setting per value
  size_t num_kept = 0;  // `--set` on the key puts its own values first; those behind them are only checked

  const Setting* find(const Value& value) const;  // nullptr: not one of the values
};

struct Arm {
  struct Condition {
    size_t axis = 0;
    std::vector<Value> any_of;
  };
  std::vector<Condition> when;  // all must hold
  Settings settings;
  bool skip = false;
};

struct Named {
  std::string name;
  Position at;
};

struct Outline {
  SettingStore store;
  Position base_at;           // of the header [base]: where to point if a table in it is absent
  Settings base;              // [base] without that prefix; [eval], [resources] and [sweep] with theirs
  std::vector<Stage> stages;  // never empty
  std::vector<Axis> axes;
  std::vector<Arm> arms;
  std::vector<Named> references;
  std::vector<Named> evaluations;
  Settings command_line;
  Settings replacements;  // values from --set that took an axis's place: references have no axis to take them
};

// Reports what can be told without plugins. What was unfit is left out.
Outline read_outline(Context& context, const Value::Table& root, const std::vector<Entry>& command_line);

}  // namespace umm::spec
