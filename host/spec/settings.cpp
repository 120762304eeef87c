#include "spec/settings.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace umm::spec {
namespace {

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

std::string child_key(const std::string& table, const std::string& key) {
  return table.empty() || key.empty() ? table + key : table + "." + key;
}

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
  const std::string key = child_key(prefix, entry.key);
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
                  {"the first: " + problems.place((*same)->segments.back(), path.back())}});
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
    if (of_stage == (scope_ == Scope::stage) && part != "stage") put(setting->key, setting);
  }
}

void Merged::overlay_stage(const Settings& settings, const std::string& name) {
  const std::string prefix = "stage." + name + ".";
  for (Setting* setting : settings) {
    if (setting->key.starts_with(prefix)) put(setting->key.substr(prefix.size()), setting);
  }
}

void Merged::put(const std::string& key, Setting* setting) {
  settings_[key] = {setting};
  if (known_->is_traced(key)) traces_[key].settings.push_back(setting);
}

void Merged::mark_seen() {
  for (const auto& [key, in_force] : settings_) in_force.setting->seen = true;
}

const Setting* Merged::find(const std::string& key) {
  known_->add(key);
  if (known_->is_traced(key)) traces_[key].read = true;
  const auto found = settings_.find(key);
  if (found == settings_.end()) return nullptr;
  found->second.asked = true;
  found->second.setting->used = true;
  return found->second.setting;
}

void Merged::note_default(const std::string& key, const std::string& value, const std::string& declared_by) {
  if (!known_->is_traced(key) || traces_[key].required) return;
  traces_[key].default_value = value;
  traces_[key].declared_by = declared_by;
}

void Merged::note_required(const std::string& key) {
  if (known_->is_traced(key)) traces_[key].required = true;
}

const Trace& Merged::trace() const {
  static const Trace none;
  const auto found = traces_.find(known_->traced);
  return found == traces_.end() ? none : found->second;
}

void Merged::accept_all(const std::string& table) {
  const std::string prefix = table + ".";
  for (auto it = settings_.lower_bound(prefix); it != settings_.end() && it->first.starts_with(prefix);
       ++it) {
    it->second.setting->used = true;
  }
}

Settings Merged::withdraw(const std::string& table, const std::function<bool(const std::string&)>& stays) {
  const std::string prefix = table + ".";
  Settings taken;
  auto it = settings_.lower_bound(prefix);
  while (it != settings_.end() && it->first.starts_with(prefix)) {
    if (stays(it->first.substr(prefix.size()))) {
      ++it;
    } else {
      taken.push_back(it->second.setting);
      it = settings_.erase(it);
    }
  }
  return taken;
}

std::map<std::string, std::string> Merged::take_unseen(const std::string& table) {
  const std::string prefix = table + ".";
  std::vector<std::string> names;
  for (auto it = settings_.lower_bound(prefix); it != settings_.end() && it->first.starts_with(prefix);
       ++it) {
    const std::string name = it->first.substr(prefix.size());
    if (!it->second.asked && name.find('.') == std::string::npos) names.push_back(name);
  }
  std::map<std::string, std::string> texts;
  for (const std::string& name : names) texts[name] = plain_text(find(prefix + name)->value);
  return texts;
}

std::vector<std::string> Merged::tables_in(const std::string& table) const {
  const std::string prefix = table + ".";
  std::vector<std::string> names;
  for (auto it = settings_.lower_bound(prefix); it != settings_.end() && it->first.starts_with(prefix);
       ++it) {
    const size_t dot = it->first.find('.', prefix.size());
    if (dot == std::string::npos) continue;
    const std::string name = it->first.substr(prefix.size(), dot - prefix.size());
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

bool Merged::has_table(const std::string& table) const {
  const auto found = settings_.lower_bound(table + ".");
  return found != settings_.end() && found->first.starts_with(table + ".");
}

Position Merged::place_of(const std::string& table, Position otherwise) const {
  const auto found = settings_.lower_bound(table + ".");
  if (found == settings_.end() || !found->first.starts_with(table + ".")) return otherwise;
  const auto& [key, in_force] = *found;
  // From the end: the setting of a stage has more parts than the key it stands for, that of an axis has one.
  const size_t below = split_key(key).size() - split_key(table).size();
  const std::vector<Position>& places = in_force.setting->segments;
  return places[places.size() > below ? places.size() - 1 - below : 0];
}

}  // namespace umm::spec
