// What is said of a setting that no run reads.
#include <algorithm>
#include <map>

#include "spec/fields.h"
#include "spec/settings.h"

namespace umm::spec {
namespace {

std::vector<std::string> candidates_elsewhere(const std::string& word, const KnownKeys& known) {
  std::vector<std::string> result;
  for (const std::string& key : known.all()) {
    const size_t dot = key.rfind('.');
    if (nearest(word, {dot == std::string::npos ? key : key.substr(dot + 1)}) != "") result.push_back(key);
  }
  return result;
}

// What other trainers call our keys.
const std::map<std::string, std::string>& other_names() {
  static const std::map<std::string, std::string> names = {
      {"batch_size", "batch"},
      {"dtype", "precision"},
      {"ema", "ema_decay"},
      {"grad_clip", "clip_norm"},
      {"gradient_accumulation_steps", "accumulation"},
      {"iterations", "updates"},
      {"learning_rate", "lr"},
      {"lr_scheduler", "schedule"},
      {"max_grad_norm", "clip_norm"},
      {"max_steps", "updates"},
      {"mixed_precision", "precision"},
      {"save_every", "checkpoint_every"},
      {"steps", "updates"},
      {"warmup_steps", "warmup"},
  };
  return names;
}

// Our key in the table for a word of another trainer, possibly misspelt; "" if there is none.
std::string translated(const std::string& word, const std::vector<std::string>& keys) {
  std::vector<std::string> words;
  for (const auto& [name, key] : other_names())
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) words.push_back(name);
  const std::string name = nearest(word, words);
  return name.empty() ? "" : "did you mean `" + other_names().at(name) + "`?";
}

// "did you mean ...": the same table first, then another trainer's word for a key of it, then this very word
// in another table, then the whole key, then a like word in another table.
std::string suggestion(const std::string& word, const std::string& key, const std::string& table,
                       const KnownKeys& known) {
  std::string hint = did_you_mean(word, known.in_table(table));
  if (hint.empty()) hint = translated(word, known.in_table(table));
  if (!hint.empty()) return hint;
  const std::string last = split_key(key).back();
  const std::vector<std::string> others = candidates_elsewhere(last, known);
  for (const std::string& other : others)
    if (word == last && split_key(other).back() == last) return "did you mean `" + other + "`?";
  hint = did_you_mean(key, {known.all().begin(), known.all().end()});
  if (!hint.empty()) return hint;
  return others.empty() ? "" : "did you mean `" + others.front() + "`?";
}

struct Failure {
  size_t depth = 0;   // of the first part that leads nowhere
  std::string table;  // the known table above it
};

Failure first_unknown(const std::vector<std::string>& parts, const KnownKeys& known) {
  Failure failure;
  while (failure.depth + 1 < parts.size() &&
         known.has_table(child_key(failure.table, parts[failure.depth]))) {
    failure.table = child_key(failure.table, parts[failure.depth++]);
  }
  return failure;
}

// Where a run tries to have its own of what there is one of: "" elsewhere, else the table.
std::string table_of_whole_sweep(const std::string& key, const KnownKeys& known) {
  const std::string table = split_key(key).front();
  const bool whole = table == "sweep" || table == "budget" || table == "launch" || table == "report";
  return whole && known.has(key) ? table : "";
}

Problem unknown_axis(const Setting& setting, const KnownKeys& known) {
  if (const std::string table = table_of_whole_sweep(setting.key, known); !table.empty()) {
    return {"S104",
            setting.segments.front(),
            setting.header + " sweeps `" + setting.key + "`, of which a sweep has one",
            "",
            {"its place is [" + table + "]"}};
  }
  const std::string last = split_key(setting.key).back();
  const std::string near = nearest(setting.key, {known.all().begin(), known.all().end()});
  const std::vector<std::string> others = candidates_elsewhere(last, known);
  const std::string best = !near.empty() || others.empty() ? near : others.front();
  return {"S104",
          setting.segments.front(),
          setting.header + " sweeps a key that does not exist: `" + setting.key + "`",
          best.empty() ? "" : "did you mean `" + best + "`?",
          {}};
}

Problem unknown_key(const Setting& setting, const KnownKeys& known) {
  std::vector<std::string> parts = split_key(setting.key);
  std::vector<Position> places = setting.segments;
  if (parts.size() > 2 && parts[0] == "stage") {
    parts.erase(parts.begin(), parts.begin() + 2);
    places.erase(places.begin(), places.begin() + 2);
  }
  const std::string key = join(parts, ".");
  const auto [depth, table] = first_unknown(parts, known);
  const std::string path = child_key(table, parts[depth]);
  const bool last = depth + 1 == parts.size();
  if (table == "data" && !last) {
    return {"S142",
            places[depth],
            "no method of this sweep reads the flow `" + parts[depth] + "`",
            did_you_mean(parts[depth], known.in_table("data")),
            {"flows that are read: " + join(known.in_table("data"))}};
  }
  if (last && known.has_table(path)) {
    return {"S102",
            setting.value.at,
            "`" + path + "` must be a table, found " + type_name(setting.value),
            "",
            {"known keys there: " + join(known.in_table(path))}};
  }
  if (!last && known.has(path)) {
    return {"S102", places[depth], "`" + path + "` must be a single value, found a table", "", {}};
  }
  if (known.has(path) && table.starts_with("data.")) {
    return {"S142",
            places[depth - 1],
            "no run that this applies to reads the flow `" + parts[depth - 1] + "`",
            "",
            {}};
  }
  std::vector<std::string> notes = {"known keys here: " + join(known.in_table(table))};
  if (known.has(path)) notes = {"other runs have this key, but none of those that this applies to"};
  if (const std::string whole = table_of_whole_sweep(path, known); !whole.empty())
    return {"S101",
            places[depth],
            "`" + path + "` cannot differ between runs",
            "its place is [" + whole + "]",
            {}};
  const bool in_table = setting.layer <= Layer::stage;
  const std::string header = "[" + child_key(setting.header, table) + "]";
  if (in_table && !known.has(path)) {
    if (auto problem = misplaced(parts[depth], places[depth], header)) return *problem;
  }
  const std::string where =
      in_table ? " in " + header : (setting.layer == Layer::arm ? " in " + setting.header : "");
  return {"S101", places[depth], "unknown key `" + (in_table ? parts[depth] : path) + "`" + where,
          known.has(path) ? "" : suggestion(parts[depth], key, table, known), notes};
}

}  // namespace

std::string suggest_key(const std::string& key, const KnownKeys& known) {
  const std::string whole = did_you_mean(key, {known.all().begin(), known.all().end()});
  if (!whole.empty()) return whole;
  const std::vector<std::string> parts = split_key(key);
  const auto [depth, table] = first_unknown(parts, known);
  return suggestion(parts[depth], key, table, known);
}

void report_unknown(const SettingStore& store, const KnownKeys& known, Problems& problems) {
  for (const Setting& setting : store) {
    if (!setting.seen || setting.used) continue;
    // A file that others extend holds the data of methods that not all of them train by.
    if (setting.layer == Layer::inherited && setting.key.starts_with("data.")) {
      const std::vector<std::string> parts = split_key(setting.key);
      const std::vector<std::string> flows = known.in_table("data");
      if (parts.size() > 2 && std::find(flows.begin(), flows.end(), parts[1]) == flows.end()) continue;
    }
    problems.add(setting.layer == Layer::axis ? unknown_axis(setting, known) : unknown_key(setting, known));
  }
}

}  // namespace umm::spec
