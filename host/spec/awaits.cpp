#include "spec/awaits.h"

#include <algorithm>
#include <functional>

#include "loader/catalogue.h"
#include "spec/context.h"
#include "spec/fields.h"

namespace umm::spec {
namespace {

namespace fs = std::filesystem;

const Awaited* needed(Awaits& awaits, std::vector<Awaited>& entries, const std::string& name,
                      const std::function<bool(const Awaited&)>& fits) {
  const auto found = std::find_if(entries.begin(), entries.end(), fits);
  if (found == entries.end()) {
    if (!awaits.everything) return nullptr;
    awaits.unnamed = {name, {}, name};
    return &awaits.unnamed;
  }
  found->needed = true;
  return &*found;
}

bool covers(const std::string& path, const std::string& name) {
  return name == path || name.starts_with(path + "/");
}

// "showo/512" as what it says of a preset.
std::string preset_text(const std::string& plugin, const std::string& value) {
  return plugin + "/" + value;
}

void read_list(Problems& problems, Fields& fields, const SpecFile& file, const std::string& key,
               std::vector<Awaited>& entries) {
  if (fields.find(key) == nullptr) return;
  for (const Value& value : fields.list(key)) {
    const auto* text = value.get<std::string>();
    const bool preset = key == "presets";
    if (text == nullptr || text->empty()) {
      fields.report_type(value, key, "a list of text");
    } else if (const size_t slash = text->find('/');
               preset && (slash == std::string::npos || slash == 0 || slash + 1 == text->size())) {
      problems.add({"S102",
                    value.at,
                    "`presets` in [awaits] names a plugin and its preset, found \"" + *text + "\"",
                    "",
                    {"write it as \"showo/512\""}});
    } else if (std::any_of(entries.begin(), entries.end(), [&](const Awaited& other) {
                 return other.text == *text && other.at.source == value.at.source;
               })) {
      problems.add({"S106", value.at, "[awaits] names \"" + *text + "\" twice", "", {}});
    } else {
      std::string path = (file.folder / *text).lexically_normal().string();
      while (path.size() > 1 && path.ends_with('/')) path.pop_back();
      entries.push_back({*text, value.at, path});
    }
  }
}

bool offers(const LoadedPlugin& plugin, const std::string& preset) {
  const OptionSpec* option = plugin.entry.options.find("preset");
  return option != nullptr &&
         std::any_of(option->choices.begin(), option->choices.end(), [&](const std::string& choice) {
           return preset_text(plugin.entry.id, choice) == preset;
         });
}

// What a setting's text may be the name of.
void note_names(Context& context, const Setting& setting) {
  const auto* text = setting.value.get<std::string>();
  if (text == nullptr) return;
  const std::string path = (context.folder_of(&setting) / *text).lexically_normal().string();
  Awaits& awaits = context.awaits;
  for (Awaited& plugin : awaits.plugins)
    plugin.named |= *text == plugin.text || setting.key.starts_with("eval." + plugin.text + ".");
  for (Awaited& file : awaits.files) file.named |= covers(file.path, path);
  for (Awaited& preset : awaits.presets)
    preset.named |= setting.key.ends_with("preset") && preset.text.ends_with("/" + *text);
}

void report(Context& context, const Awaited& entry, const std::string& what, bool here) {
  if (entry.needed) return;
  if (here) {
    context.problems.add({"S204",
                          entry.at,
                          what + " \"" + entry.text + "\" is here now",
                          "",
                          {"drop it from [awaits]: what is there is checked and run"}});
  } else if (!entry.named && entry.at.source == 0) {
    context.problems.add(
        {"S133",
         entry.at,
         "[awaits] names the " + what + " \"" + entry.text + "\", which nothing in this spec uses",
         "",
         {"drop it, or write it as it is written where it is used"}});
  }
}

}  // namespace

const Awaited* Awaits::need_plugin(const std::string& id) {
  return needed(*this, plugins, id, [&](const Awaited& entry) { return entry.text == id; });
}

const Awaited* Awaits::need_file(const std::string& path) {
  return needed(*this, files, path, [&](const Awaited& entry) { return covers(entry.path, path); });
}

const Awaited* Awaits::need_preset(const std::string& plugin, const std::string& value) {
  const std::string text = preset_text(plugin, value);
  return needed(*this, presets, text, [&](const Awaited& entry) { return entry.text == text; });
}

void read_awaits(Context& context, const std::vector<SpecFile>& files) {
  context.awaits.everything = context.elsewhere != nullptr;
  for (const SpecFile& file : files) {
    const Entry* table = find_entry(file.root, "awaits");
    if (table == nullptr || table->value.get<Value::Table>() == nullptr) continue;
    Fields fields(table->value, "[awaits]", context.problems);
    read_list(context.problems, fields, file, "plugins", context.awaits.plugins);
    read_list(context.problems, fields, file, "files", context.awaits.files);
    read_list(context.problems, fields, file, "presets", context.awaits.presets);
    fields.finish();
  }
}

void note_awaited_names(Context& context, const SettingStore& store) {
  for (const Setting& setting : store) note_names(context, setting);
}

void check_awaits(Context& context) {
  const auto& plugins = context.catalogue.entries();
  const auto any_plugin = [&](const auto& fits) { return std::any_of(plugins.begin(), plugins.end(), fits); };
  for (const Awaited& entry : context.awaits.plugins)
    report(context, entry, "plugin",
           any_plugin([&](const LoadedPlugin& plugin) { return plugin.entry.id == entry.text; }));
  std::error_code error;
  for (const Awaited& entry : context.awaits.files)
    report(context, entry, "file", fs::exists(entry.path, error));
  for (const Awaited& entry : context.awaits.presets)
    report(context, entry, "preset",
           any_plugin([&](const LoadedPlugin& plugin) { return offers(plugin, entry.text); }));
}

}  // namespace umm::spec
