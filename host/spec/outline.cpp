#include "spec/outline.h"

#include <algorithm>
#include <map>

#include "spec/arms.h"
#include "spec/axes.h"
#include "spec/command_line.h"
#include "spec/evaluations.h"
#include "spec/fields.h"

namespace umm::spec {
namespace {

const std::vector<std::string> kStageKeys = {"method", "data", "train"};

class Reader {
 public:
  Reader(Context& context, Outline& outline)
      : problems_(context.problems), context_(context), outline_(outline) {}

  void read(const std::vector<SpecFile>& files);

 private:
  void read_file(const Value::Table& root, int source);
  void read_root_entry(const Entry& entry, Settings& settings, Settings& whole_sweep);
  void read_schema(const Value::Table& root, int source);
  void read_base(const Entry& entry, Settings& settings);
  Flattening flattening(Settings& settings, const std::string& header);
  void inherit(Settings settings);
  void gather(const Entry& entry);
  void read_stage(const Value& table);
  void read_reference(const Value& table);

  bool expect_table(const Entry& entry);
  bool expect_key(const Entry& entry, const std::vector<std::string>& known, const std::string& where);

  Problems& problems_;
  Context& context_;
  Outline& outline_;
  Layer layer_ = Layer::base;
  std::map<std::string, std::vector<Value>> lists_;  // [[axis]] and the like of all files, by key
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

bool Reader::expect_key(const Entry& entry, const std::vector<std::string>& known, const std::string& where) {
  if (std::find(known.begin(), known.end(), entry.key) != known.end()) return true;
  // A key with dots is a path: its first part decides.
  const std::string first = split_key(entry.key).front();
  if (first != entry.key && std::find(known.begin(), known.end(), first) != known.end()) return true;
  auto problem = misplaced(entry.key, entry.key_at, where);
  if (!problem) {
    problem = Problem{"S101",
                      entry.key_at,
                      "unknown key `" + entry.key + "`" + (where.empty() ? "" : " in " + where),
                      did_you_mean(entry.key, known),
                      {"known keys here: " + join(known)}};
  }
  problems_.add(std::move(*problem));
  return false;
}

void Reader::read_schema(const Value::Table& root, int source) {
  const Entry* found = find_entry(root, "schema");
  if (found == nullptr) return outline_.no_schema.push_back(source);
  const auto* version = found->value.get<int64_t>();
  if (version != nullptr && *version == 1) return;
  problems_.add({"S112",
                 found->value.at,
                 "this program reads specs of schema 1, found " + plain_text(found->value),
                 "",
                 {}});
}

void Reader::read(const std::vector<SpecFile>& files) {
  for (size_t i = files.size(); i-- > 0;) read_file(files[i].root, static_cast<int>(i));
  for (const Value& table : lists_["stage"]) read_stage(table);
  for (const Value& table : lists_["axis"]) read_axis(context_, outline_, table);
  for (const Value& table : lists_["reference"]) read_reference(table);
  for (const Value& table : lists_["arm"]) read_arm(context_, outline_, table);
  if (outline_.stages.empty()) outline_.stages.push_back({});
}

void Reader::read_file(const Value::Table& root, int source) {
  layer_ = source == 0 ? Layer::base : Layer::inherited;
  read_schema(root, source);
  outline_.sweep.emplace_back();
  Settings settings, whole_sweep;
  for (const Entry& entry : root) read_root_entry(entry, settings, whole_sweep);
  inherit(std::move(settings));
  Settings& tables = outline_.sweep_tables;
  tables.insert(tables.end(), whole_sweep.begin(), whole_sweep.end());
}

void Reader::read_root_entry(const Entry& entry, Settings& settings, Settings& whole_sweep) {
  const std::string& key = entry.key;
  if (!expect_key(entry, root_keys(), "") || key == "schema" || key == "extends") return;
  if (key == "axis" || key == "arm" || key == "reference" || key == "stage") return gather(entry);
  if (!expect_table(entry) || key == "metadata" || key == "plugins" || key == "awaits") return;
  if (key == "base") return read_base(entry, settings);
  if (key == "eval") return read_evaluations(problems_, outline_, entry, layer_, settings);
  const std::string table = split_key(key).front();
  const bool of_runs = table == "resources";
  flattening(table == "sweep" ? outline_.sweep.back() : of_runs ? settings : whole_sweep, "").add(entry);
}

// Settings of the file that extends those before. Options belong to their plugin: where another one takes its
// place, they go with it; so do the ways to sample of an architecture, and what a protocol now fixes.
void Reader::inherit(Settings settings) {
  for (const Setting* protocol : settings) {
    const std::vector<std::string> parts = split_key(protocol->key);
    if (parts.size() != 3 || parts[0] != "eval" || parts[2] != "protocol") continue;
    const std::string table = "eval." + parts[1] + ".";
    std::erase_if(outline_.base, [&](const Setting* earlier) {
      return earlier->key.starts_with(table) && !stands_beside_protocol(earlier->key.substr(table.size()));
    });
  }
  for (const Setting* use : settings) {
    if (!use->key.ends_with(".use")) continue;
    const std::string table = use->key.substr(0, use->key.size() - 3);
    const auto other = std::find_if(outline_.base.rbegin(), outline_.base.rend(),
                                    [&](const Setting* earlier) { return earlier->key == use->key; });
    if (other == outline_.base.rend() || same_value((*other)->value, use->value)) continue;
    std::erase_if(outline_.base, [&](const Setting* earlier) {
      const std::vector<std::string> parts = split_key(earlier->key);
      const bool sampling = parts.size() > 3 && parts[0] == "eval" && parts[2] == "sampling";
      return (earlier->key.starts_with(table) && earlier->key != use->key) ||
             (table == "architecture." && sampling);
    });
  }
  outline_.base.insert(outline_.base.end(), settings.begin(), settings.end());
}

// Adds the tables of a list; one that has the name of another file's takes its place.
void Reader::gather(const Entry& entry) {
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
  std::vector<Value>& all = lists_[entry.key];
  for (const Value& table : *list) {
    const Entry* name = find_entry(*table.get<Value::Table>(), "name");
    const auto namesake = std::find_if(all.begin(), all.end(), [&](const Value& other) {
      const Entry* its = find_entry(*other.get<Value::Table>(), "name");
      return name != nullptr && its != nullptr && other.at.source != table.at.source &&
             same_value(name->value, its->value);
    });
    namesake == all.end() ? all.push_back(table) : void(*namesake = table);
  }
}

Flattening Reader::flattening(Settings& settings, const std::string& header) {
  return {outline_.store, settings, problems_, layer_, header};
}

void Reader::read_base(const Entry& entry, Settings& settings) {
  outline_.base_at = entry.key_at;
  for (const Entry& inner : *entry.value.get<Value::Table>()) {
    if (expect_key(inner, base_keys(), "[base]")) flattening(settings, "base").add(inner);
  }
}

void Reader::read_stage(const Value& table) {
  Fields fields(table, "[[stage]]", problems_);
  Stage stage{fields.name(), fields.at(), {}};
  report_same_name(outline_.stages, stage.name, stage.at, "stages", problems_);
  Flattening flattening{outline_.store, stage.settings, problems_, Layer::stage, "stage"};
  for (const std::string& key : kStageKeys) fields.find(key);
  for (const Entry& entry : *table.get<Value::Table>()) {
    if (std::find(kStageKeys.begin(), kStageKeys.end(), entry.key) != kStageKeys.end()) flattening.add(entry);
  }
  fields.finish();
  outline_.stages.push_back(std::move(stage));
}

void Reader::read_reference(const Value& table) {
  Fields fields(table, "[[reference]]", problems_);
  const Named reference{fields.text("name"), fields.at()};
  fields.finish();
  report_same_name(outline_.references, reference.name, reference.at, "references", problems_);
  outline_.references.push_back(reference);
}

// Within one file [base] gives what an axis then varies. In a file that extends one, it looks like a change.
void warn_of_shadowed_settings(Problems& problems, const Outline& outline) {
  for (const Setting* setting : outline.base) {
    for (const Axis& axis : outline.axes) {
      if (setting->segments.back().source >= axis.at.source || !axis.sweeps(setting->key)) continue;
      problems.add(
          {"S203",
           setting->segments.back(),
           "`" + setting->key + "` has no effect: axis \"" + axis.name + "\" sets it in every run",
           "",
           {"the axis: " + problems.place(axis.at) + "; write an axis of that name here to replace it"}});
    }
  }
}

}  // namespace

Outline read_outline(Context& context, const std::vector<SpecFile>& files,
                     const std::vector<Entry>& command_line) {
  Outline outline;
  Reader(context, outline).read(files);
  warn_of_shadowed_settings(context.problems, outline);
  read_command_line(context, outline, command_line);
  check_stage_keys(context, outline);
  return outline;
}

}  // namespace umm::spec
