#include "spec/options.h"

#include <algorithm>
#include <exception>

#include "loader/hash_path.h"

namespace umm::spec {
namespace {

// The value as this type, integers widened to numbers; nullopt where it is of another type.
std::optional<OptionValue> as_type(const Value& value, OptionType type) {
  if (type == OptionType::boolean && value.get<bool>()) return *value.get<bool>();
  if (type == OptionType::integer && value.get<int64_t>()) return *value.get<int64_t>();
  if (type == OptionType::number && value.get<double>()) return *value.get<double>();
  if (type == OptionType::number && value.get<int64_t>()) return static_cast<double>(*value.get<int64_t>());
  const bool textual = type == OptionType::text || type == OptionType::path;
  if (textual && value.get<std::string>()) return *value.get<std::string>();
  return std::nullopt;
}

std::vector<std::string> origin_notes(const OptionSpec& spec, const std::string& declared_by) {
  if (!declared_by.empty())
    return {"declared by " + declared_by + ", option `" + spec.name + "`: " + spec.doc};
  return {"`" + spec.name + "`: " + spec.doc};
}

// The checked value, or nothing where it was reported.
std::optional<OptionValue> check(Context& context, const Setting& setting, const std::string& key,
                                 const OptionSpec& spec, const std::string& declared_by) {
  const std::vector<std::string> notes = origin_notes(spec, declared_by);
  auto value = as_type(setting.value, spec.type);
  if (!value) {
    report_type(context, setting.value, key, to_text(spec.type));
    return std::nullopt;
  }
  if (const std::string problem = range_problem(spec, *value); !problem.empty()) {
    context.problems.add(
        {"S121", setting.value.at, "`" + key + "` = " + to_text(*value) + " " + problem, "", notes});
    return std::nullopt;
  }
  const auto& choices = spec.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), to_text(*value)) == choices.end()) {
    report_choice(context, setting.value.at, key, to_text(*value), choices, notes[0]);
    return std::nullopt;
  }
  return value;
}

// Whether the value is a preset that the plugin does not offer yet and the spec awaits.
bool awaits_preset(Context& context, const Setting& setting, const OptionSpec& spec,
                   const std::string& declared_by) {
  const auto* text = setting.value.get<std::string>();
  const auto& choices = spec.choices;
  if (spec.name != "preset" || text == nullptr || choices.empty()) return false;
  if (std::find(choices.begin(), choices.end(), *text) != choices.end()) return false;
  const Awaited* preset = context.awaits.need_preset(declared_by, *text);
  if (preset != nullptr) context.await("preset " + preset->text);
  return preset != nullptr;
}

}  // namespace

BoundOptions bind_options(Context& context, Merged& settings, const std::string& table,
                          const OptionSchema& schema, const std::string& declared_by) {
  BoundOptions bound;
  std::map<std::string, OptionValue> values;
  for (const OptionSpec& spec : schema.specs()) {
    const std::string key = table.empty() ? spec.name : table + "." + spec.name;
    const Setting* setting = settings.find(key);
    if (context.known.is_traced(key)) settings.note_default(key, to_text(spec.default_value), declared_by);
    if (setting != nullptr && awaits_preset(context, *setting, spec, declared_by)) {
      bound.unseen[spec.name] = *setting->value.get<std::string>();
    } else if (setting != nullptr) {
      if (auto value = check(context, *setting, key, spec, declared_by)) values[spec.name] = *value;
    }
    if (spec.type != OptionType::path) continue;
    const auto& given = values.contains(spec.name) ? values[spec.name] : spec.default_value;
    const auto* path = std::get_if<std::string>(&given);
    if (path == nullptr || path->empty()) continue;
    std::string hash;
    values[spec.name] = bind_path(context, std::string(*path), setting, hash);
    bound.path_hashes[spec.name] = hash;
  }
  bound.options = Options(schema, values);
  return bound;
}

bool require_key(Context& context, Merged& settings, const std::string& key, Position at) {
  settings.note_required(key);
  if (settings.find(key) != nullptr) return true;
  if (context.undecided.contains(key)) return false;
  const size_t dot = key.rfind('.');
  const std::string table = dot == std::string::npos ? "" : key.substr(0, dot);
  context.problems.add({"S107", settings.place_of(table, at), "`" + key + "` is missing", "", {}});
  return false;
}

std::optional<std::string> bind_text(Context& context, Merged& settings, const std::string& key) {
  const Setting* setting = settings.find(key);
  if (setting == nullptr) return std::nullopt;
  if (const auto* text = setting->value.get<std::string>()) return *text;
  report_type(context, setting->value, key, "text");
  return std::nullopt;
}

std::vector<std::string> bind_text_list(Context& context, Merged& settings, const std::string& key,
                                        const std::string& otherwise) {
  const Setting* list = settings.find(key);
  settings.note_default(key, otherwise, "");
  return list == nullptr ? std::vector<std::string>() : bind_text_list(context, list->value, key);
}

std::vector<std::string> bind_text_list(Context& context, const Value& value, const std::string& key) {
  std::vector<std::string> result;
  const auto* list = value.get<Value::List>();
  if (list == nullptr) {
    report_type(context, value, key, "a list of text");
    return result;
  }
  for (const Value& element : *list) {
    if (const auto* text = element.get<std::string>()) {
      result.push_back(*text);
    } else {
      report_type(context, element, key, "a list of text");
    }
  }
  return result;
}

std::string bind_path(Context& context, const std::string& path, const Setting* setting, std::string& hash) {
  const std::filesystem::path full =
      place_of(context.elsewhere, (context.folder_of(setting) / path).lexically_normal());
  const std::string name = full.string();
  if (const auto known = context.hashes.find(name); known != context.hashes.end()) {
    hash = context.inputs[name] = known->second;
    return name;
  }
  const Position at = setting == nullptr ? Position{} : setting->value.at;
  std::error_code error;
  if (!std::filesystem::exists(full, error)) {
    if (const Awaited* awaited = context.awaits.need_file(name)) {
      context.await("file " + awaited->text);
      // Two files that are not here are not one, and the same ones on every machine.
      hash = std::string(kAwaited) + " " + full.lexically_relative(context.folders.front()).string();
      return name;
    }
    report_absent_file(context, at, "file or folder", name);
    return name;
  }
  try {
    hash = hash_path(full);
    context.hashes[name] = context.inputs[name] = hash;
  } catch (const std::exception& failure) {
    context.problems.add({"S131", at, failure.what(), "", {}});
  }
  return name;
}

void report_absent_file(Context& context, const Position& at, const std::string& what,
                        const std::string& path) {
  context.problems.add({"S131",
                        at,
                        "there is no " + what + " " + path,
                        "",
                        {"paths are relative to the folder of the file that they stand in"}});
}

void report_choice(Context& context, const Position& at, const std::string& key, const std::string& value,
                   const std::vector<std::string>& choices, const std::string& note) {
  std::vector<std::string> notes = {"one of: " + join(choices)};
  if (!note.empty()) notes.push_back(note);
  context.problems.add(
      {"S122", at, "`" + key + "` cannot be \"" + value + "\"", did_you_mean(value, choices), notes});
}

void report_type(Context& context, const Value& value, const std::string& key, const std::string& expected) {
  std::string found = type_name(value);
  if (value.get<bool>() || value.get<int64_t>() || value.get<double>())
    found += " (" + plain_text(value) + ")";
  if (const auto* text = value.get<std::string>()) found += " (\"" + *text + "\")";
  context.problems.add({"S102", value.at, "`" + key + "` must be " + expected + ", found " + found, "", {}});
}

}  // namespace umm::spec
