// The parts of a spec before they are multiplied: base settings, stages, axes, arms, references, evaluations.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "spec/context.h"
#include "spec/files.h"

namespace umm::spec {

struct Stage {
  std::string name;  // "" for the single stage of a spec without [[stage]]: it takes the method's id
  Position at;
  Settings settings;
};

// One value of an axis, or one row of a coupled axis.
struct Choice {
  std::string label;   // in the names of runs and the rows of tables
  bool named = false;  // the label is one that conditions may use
  Settings settings;   // one per key of the axis

  // `value` is what it sets (for a row: a list), or its label.
  bool is(const Value& value) const;
};

struct Axis {
  std::string name;
  Position at;
  std::vector<std::string> keys;
  bool coupled = false;  // written with `keys` and `rows`
  bool labelled = false;
  bool replicate = false;
  std::vector<Choice> choices;
  size_t num_kept = 0;  // `--set` on a key puts its own choices first; those behind them are only checked

  const Choice* find(const Value& value) const;  // nullptr: none of its choices
  std::vector<std::string> labels() const;       // of those kept
  bool sweeps(const std::string& key) const;
};

struct Arm {
  struct Condition {
    size_t axis = 0;
    std::vector<Value> any_of;
  };
  std::string name;  // "" or what a spec that extends this one replaces it by
  Position at;
  std::vector<Condition> when;  // all must hold
  std::string when_text;        // "arch = showo, lr = 0.001"
  Settings settings;
  bool skip = false;
  std::string because;
  int64_t num_skipped = 0;  // runs
};

struct Named {
  std::string name;
  Position at;
};

struct Outline {
  SettingStore store;
  Position base_at;  // of the header [base]: where to point if a table in it is absent
  Settings base;     // [base] without that prefix; [eval] and [resources] with theirs; weakest first
  std::vector<Settings> sweep;  // [sweep] of each file, the spec's last: it is not inherited
  Settings sweep_tables;        // [budget], [launch] and [report], with these prefixes; weakest first
  std::vector<int> no_schema;   // sources without `schema`
  std::vector<Stage> stages;    // never empty
  std::vector<Axis> axes;
  std::vector<Arm> arms;
  std::vector<Named> references;
  std::vector<Named> evaluations;
  Settings command_line;
  Settings replacements;  // values from --set that took an axis's place: references have no axis to take them
};

// Reports what can be told without plugins. What was unfit is left out. A file that is extended comes first:
// tables are merged key by key, what has a name in double brackets is replaced by its namesake.
Outline read_outline(Context& context, const std::vector<SpecFile>& files,
                     const std::vector<Entry>& command_line);

}  // namespace umm::spec
