#include "loader/operators.h"

#include <ATen/core/dispatch/Dispatcher.h>

#include <algorithm>
#include <set>
#include <vector>

namespace umm {
namespace {

struct OperatorLibrary {
  std::filesystem::path file;
  std::string content_hash;
  std::set<std::string> namespaces;  // that nobody had before it
};

// Grows only: libraries stay open, refused ones too.
std::vector<OperatorLibrary>& opened_libraries() {
  static auto* libraries = new std::vector<OperatorLibrary>;
  return *libraries;
}

std::set<std::string> namespaces_now() {
  std::set<std::string> namespaces;
  for (const auto& name : c10::Dispatcher::singleton().getAllOpNames())
    if (const auto prefix = name.getNamespace()) namespaces.emplace(*prefix);
  return namespaces;
}

std::string text_between(const std::string& text, const std::string& begin, const std::string& end) {
  const auto at = text.find(begin);
  if (at == std::string::npos) return "";
  const auto from = at + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

// A library that is known to hold the namespace, else the line of source that LibTorch names.
std::string holder_of(const std::string& name, const std::string& message) {
  for (const auto& library : opened_libraries())
    if (library.namespaces.contains(name)) return library.file.string();
  return text_between(message, "Previous registration of TORCH_LIBRARY was registered at ", ";");
}

}  // namespace

void open_operators(const PluginFile& plugin, const std::function<void()>& open) {
  if (!plugin.registers_operators) return open();
  const auto before = namespaces_now();
  open();
  OperatorLibrary library{plugin.file, plugin.content_hash, {}};
  const auto after = namespaces_now();
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::inserter(library.namespaces, library.namespaces.end()));
  opened_libraries().push_back(std::move(library));
}

std::string operators_before(const PluginFile& plugin) {
  std::string contents;
  if (!plugin.registers_operators) return contents;
  for (const auto& library : opened_libraries())
    if (library.content_hash != plugin.content_hash) contents += "\n" + library.content_hash;
  return contents;
}

std::string taken_namespace(const std::string& message) {
  return text_between(message, "Only a single TORCH_LIBRARY can be used to register the namespace ", ";");
}

Refusal namespace_taken(const PluginFile& plugin, const std::string& message) {
  const std::string name = taken_namespace(message);
  Refusal refusal{.code = "P011",
                  .what = "plugin registers an operator namespace that is taken",
                  .file = plugin.file,
                  .plugin = plugin_name(plugin.identity),
                  .facts = {{"namespace", name}},
                  .fix = "give its operators another namespace, or take the other library out of the folders",
                  .has_run = true};
  const std::string holder = holder_of(name, message);
  if (!holder.empty()) refusal.facts.emplace_back("held by", holder);
  return refusal;
}

}  // namespace umm
