// Settings as flat dotted keys, laid over each other in the order of application:
//   plugin defaults < the file that is extended < [base], [eval], [resources] < [[stage]] < [[axis]]
//   < [[arm]] < --set; what a protocol fixes nothing else may set
// A setting that no run reads is a mistake; so reading is recorded, and report_unknown() tells.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "spec/problems.h"
#include "spec/source.h"

namespace umm::spec {

enum class Layer {
  inherited,
  base,
  stage,
  axis,
  arm,
  command_line,
  protocol
};  // inherited: [base] of an extended file

struct Setting {
  std::string key;  // "train.lr"; for one stage of a chain also "stage.<name>.train.lr"
  Value value;
  std::vector<Position> segments;  // place of each part of the key
  Layer layer = Layer::base;
  std::string header;  // what it was written under: "base", "stage", "" (root), "[[arm]] set", "axis \"lr\""
  bool seen = false;   // in force for some run
  bool used = false;   // asked for by some run
};

using Settings = std::vector<Setting*>;
using SettingStore = std::deque<Setting>;  // owns; addresses stay

std::vector<std::string> split_key(const std::string& key);
std::string child_key(const std::string& table, const std::string& key);  // "train", "lr" -> "train.lr"

// Adds `entry` and what is below it to `settings` as `prefix` + its dotted key. Tables become part of the
// key; an equal key that is already in `settings` is reported (S103).
struct Flattening {
  SettingStore& store;
  Settings& settings;
  Problems& problems;
  Layer layer;
  std::string header;  // as in Setting

  void add(const Entry& entry, const std::string& prefix = "", const std::vector<Position>& segments = {});
};

// Every key that was asked for: what "known keys here" lists and suggestions are taken from.
class KnownKeys {
 public:
  void add(const std::string& key);
  bool has(const std::string& key) const { return keys_.contains(key); }
  bool has_table(const std::string& table) const { return tables_.contains(table); }
  std::vector<std::string> in_table(const std::string& table) const;  // in the order asked
  const std::set<std::string>& all() const { return keys_; }

  std::string traced;  // the key that `ummbench explain` asks for, or ""
  bool all_traced = false;
  bool is_traced(const std::string& key) const { return all_traced || key == traced; }

 private:
  std::set<std::string> keys_;
  std::map<std::string, std::vector<std::string>> tables_;
};

// What became of a traced key.
struct Trace {
  bool read = false;                       // something asked for it
  bool required = false;                   // it has no default
  std::string default_value, declared_by;  // "": no default; the program's own
  Settings settings;                       // weakest first
};

// The settings in force for one stage (method, data and training), or for the rest of a run.
class Merged {
 public:
  enum class Scope { run, stage };

  Merged(Scope scope, KnownKeys& known) : scope_(scope), known_(&known) {}

  // Later settings win. Those of the other scope are passed over.
  void overlay(const Settings& settings);

  // Only those for the stage `name` ("stage.<name>.method.use"), under the key without that prefix.
  void overlay_stage(const Settings& settings, const std::string& name);

  // What is in force now was seen. [after the last overlay]
  void mark_seen();

  // nullptr: not set. The key counts as known, the setting as used.
  const Setting* find(const std::string& key);

  // Nothing below `table` can be checked, so nothing there is called unknown.
  void accept_all(const std::string& table);

  // Takes the settings below `table` out, but those for which `stays` holds of the key there.
  Settings withdraw(const std::string& table, const std::function<bool(const std::string&)>& stays);

  // The options of a plugin that is not here: what stands in `table` itself and nothing asked for, as text.
  // They count as known and used.
  std::map<std::string, std::string> take_unseen(const std::string& table);

  bool has_table(const std::string& table) const;
  std::vector<std::string> tables_in(const std::string& table) const;

  // For the trace. A key that is required has no default worth telling.
  void note_default(const std::string& key, const std::string& value, const std::string& declared_by);
  void note_required(const std::string& key);
  const Trace& trace() const;  // of the one that `ummbench explain` asks for
  const std::map<std::string, Trace>& traces() const { return traces_; }

  // Place of the table's name, for what is missing in it; `otherwise` where nothing in it is set.
  Position place_of(const std::string& table, Position otherwise) const;

 private:
  struct InForce {
    Setting* setting = nullptr;
    bool asked = false;
  };

  void put(const std::string& key, Setting* setting);

  Scope scope_;
  std::map<std::string, InForce> settings_;
  KnownKeys* known_;
  std::map<std::string, Trace> traces_;  // by key
};

// "did you mean `train.lr`?", or "".
std::string suggest_key(const std::string& key, const KnownKeys& known);

// Reports the settings that some run saw and none used: S101, S102, S104 (axes), S130, S142 (flows).
void report_unknown(const SettingStore& store, const KnownKeys& known, Problems& problems);

}  // namespace umm::spec
