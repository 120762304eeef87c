#include "spec/settings.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace umm::spec {
namespace {

std::string child(const std::string& table, const std::string& key) {
  return table.empty() || key.empty() ? table + key : table + "." + key;
}

// Places of the parts of a key that was written in one piece, as in set = { "train.lr" = 1 }.
std::vector<Position> places(const std::string& key, const Position& at) {
  const std::vector<std::string> parts = split_key(key);
  const auto length = static_cast<int64_t>(key.size());
  if (parts.size() == 1 || (at.width != length && at.width != length + 2)) {
    return std::vector<Position>(parts.size(), at);
  }
  std::vector<Position> result;
  int64_t column = at.column + (at.width == length + 2 ? 1 : 0);  // behind the quote
  for (const std::string& part : parts) {
    const auto width = static_cast<int64_t>(part.size());
    result.push_back({at.source, at.line, column, width});
    column += width + 1;
  }
  return result;
}

}  // namespace

std::vector<std::string> split_key(const std::string& key) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t dot; (dot = key.find('.', begin)) != std::string::npos; begin = dot + 1) {
    parts.push_back(key.substr(begin, dot - begin));
  }
  parts.push_back(key.substr(begin));
  return parts;
}

void Flattening::add(const Entry& entry, const std::string& prefix, const std::vector<Position>& segments) {
  const std::string key = child(prefix, entry.key);
  std::vector<Position> path = segments;
  for (const Position& place : places(entry.key, entry.key_at)) path.push_back(place);
  if (const auto* table = entry.value.get<Value::Table>()) {
    for (const Entry& inner : *table) add(inner, key, path);
    return;
  }
  const auto same =
      std::find_if(settings.begin(), settings.end(), [&](const Setting* other) { return other->key == key; });
  if (same != settings.end() && layer != Layer::command_line) {
    problems.add({"S103",
                  path.back(),
                  "`" + key + "` is set twice",
                  "",
                  {"first in line " + std::to_string((*same)->segments.back().line)}});
    return;
  }
  store.push_back({key, entry.value, path, layer, header});
  settings.push_back(&store.back());
}

void KnownKeys::add(const std::string& key) {
  if (!keys_.insert(key).second) return;
  std::string table = key;
  for (bool last = true; !table.empty(); last = false) {
    const size_t dot = table.rfind('.');
    const std::string name = dot == std::string::npos ? table : table.substr(dot + 1);
    table = dot == std::string::npos ? "" : table.substr(0, dot);
    std::vector<std::string>& names = tables_[table];
    if (last || std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
}

std::vector<std::string> KnownKeys::in_table(const std::string& table) const {
  const auto found = tables_.find(table);
  return found == tables_.end() ? std::vector<std::string>{} : found->second;
}

void Merged::overlay(const Settings& settings) {
  for (Setting* setting : settings) {
    const std::string_view part = std::string_view(setting->key).substr(0, setting->key.find('.'));
    const bool of_stage = part == "method" || part == "data" || part == "train";
    if (of_stage == (scope_ == Scope::stage) && part != "stage") settings_[setting->key] = setting;
  }
}

void Merged::overlay_stage(const Settings& settings, const std::string& name) {
  const std::string prefix = "stage." + name + ".";
  for (Setting* setting : settings) {
    if (setting->key.starts_with(prefix)) settings_[setting->key.substr(prefix.size())] = setting;
  }
}

void Merged::mark_seen() {
  for (const auto& [key, setting] : settings_) setting->seen = true;
}

const Setting* Merged::find(const std::string& key) {
  known_->add(key);
  const auto found = settings_.find(key);
  if (found == settings_.end()) return nullptr;
  found->second->used = true;
  return found->second;
}

void Merged::accept_all(const std::string& table) {
  const std::string prefix = table + ".";
  for (auto it = settings_.lower_bound(prefix); it != settings_.end() && it->first.starts_with(prefix);
       ++it) {
    it->second->used = true;
  }
}

bool Merged::has_table(const std::string& table) const {
  const auto found = settings_.lower_bound(table + ".");
  return found != settings_.end() && found->first.starts_with(table + ".");
}

Position Merged::place_of(const std::string& table, Position otherwise) const {
  const auto found = settings_.lower_bound(table + ".");
  if (found == settings_.end() || !found->first.starts_with(table + ".")) return otherwise;
  const auto& [key, setting] = *found;
  // Counted from the end: a stage's setting has more parts than the key it stands for.
  const size_t below = split_key(key).size() - split_key(table).size();
  return setting->segments[setting->segments.size() - 1 - below];
}

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

// "did you mean ...": the same table first, then another trainer's word for a key of it, then the whole key,
// then the same word in another table.
std::string suggestion(const std::string& word, const std::string& key, const std::string& table,
                       const KnownKeys& known) {
  std::string hint = did_you_mean(word, known.in_table(table));
  if (hint.empty()) hint = translated(word, known.in_table(table));
  if (hint.empty()) hint = did_you_mean(key, {known.all().begin(), known.all().end()});
  if (!hint.empty()) return hint;
  const std::vector<std::string> others = candidates_elsewhere(split_key(key).back(), known);
  return others.empty() ? "" : "did you mean `" + others.front() + "`?";
}

struct Failure {
  size_t depth = 0;   // of the first part that leads nowhere
  std::string table;  // the known table above it
};

Failure first_unknown(const std::vector<std::string>& parts, const KnownKeys& known) {
  Failure failure;
  while (failure.depth + 1 < parts.size() && known.has_table(child(failure.table, parts[failure.depth]))) {
    failure.table = child(failure.table, parts[failure.depth++]);
  }
  return failure;
}

Problem unknown_axis(const Setting& setting, const KnownKeys& known) {
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
  const std::string path = child(table, parts[depth]);
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
  const bool in_table = setting.layer == Layer::base || setting.layer == Layer::stage;
  const std::string where = in_table ? " in [" + child(setting.header, table) + "]"
                                     : (setting.layer == Layer::arm ? " in " + setting.header : "");
  return {"S101", places[depth], "unknown key `" + (in_table ? parts[depth] : path) + "`" + where,
          known.has(path) ? "" : suggestion(parts[depth], key, table, known), notes};
}

}  // namespace

void report_unknown(const SettingStore& store, const KnownKeys& known, Problems& problems) {
  for (const Setting& setting : store) {
    if (!setting.seen || setting.used) continue;
    problems.add(setting.layer == Layer::axis ? unknown_axis(setting, known) : unknown_key(setting, known));
  }
}

}  // namespace umm::spec
