#include "spec/plugins.h"

#include <algorithm>
#include <exception>

#include "loader/catalogue.h"
#include "spec/options.h"
#include "umm/capabilities.h"

namespace umm::spec {
namespace {

void report_unknown_plugin(Context& context, PluginKind kind, const NamedPlugin& plugin) {
  std::vector<std::string> ids;
  for (const LoadedPlugin& loaded : context.catalogue.entries()) {
    if (loaded.entry.kind == kind) ids.push_back(loaded.entry.id);
  }
  std::vector<std::string> names = ids;
  for (const Awaited& awaited : context.awaits.plugins) names.push_back(awaited.text);
  const std::string kind_name = to_text(kind);
  std::vector<std::string> notes = {ids.empty() ? "no plugin of this kind was found"
                                                : "there are: " + join(ids)};
  for (const Refusal& refusal : context.catalogue.rejected())
    notes.push_back("refused: " + refusal.summary() + "; `ummbench plugin list` says what to do");
  std::vector<std::string> places;
  for (const auto& place : context.catalogue.places()) places.push_back(place.string());
  if (!places.empty()) notes.push_back("searched: " + join(places) + "; --plugins adds a library or folder");
  context.problems.add({"S110", plugin.at, kind_name + " \"" + plugin.id + "\" is not provided by any plugin",
                        did_you_mean(plugin.id, names), notes});
}

// All that can be said of a plugin that is not here yet.
BoundPlugin awaited_plugin(Context& context, Merged& settings, PluginKind kind, const NamedPlugin& plugin) {
  context.await(std::string(to_text(kind)) + " \"" + plugin.id + "\"");
  BoundPlugin bound;
  bound.use.id = plugin.id;
  bound.at = plugin.at;
  bound.library_hash = kAwaited;
  bound.awaited = true;
  bound.unseen = settings.take_unseen(plugin.table);
  return bound;
}

std::optional<BoundPlugin> bind(Context& context, Merged& settings, PluginKind kind,
                                const NamedPlugin& plugin) {
  const LoadedPlugin* loaded = context.catalogue.find(kind, plugin.id);
  if (loaded == nullptr && context.awaits.need_plugin(plugin.id) != nullptr)
    return awaited_plugin(context, settings, kind, plugin);
  if (loaded == nullptr) {
    report_unknown_plugin(context, kind, plugin);
    settings.accept_all(plugin.table);
    return std::nullopt;
  }
  const PluginEntry& entry = loaded->entry;
  BoundOptions bound = bind_options(context, settings, plugin.table, entry.options, entry.id);
  return BoundPlugin{.use = {entry.id, std::move(bound.options)},
                     .at = plugin.at,
                     .library_hash = loaded->content_hash,
                     .path_hashes = std::move(bound.path_hashes),
                     .provides = entry.provides,
                     .generates_images = std::count(entry.provides.begin(), entry.provides.end(),
                                                    std::string(ImageGenerator::kName)) > 0,
                     .sampling = entry.sampling,
                     .asks = entry.asks,
                     .needs = {},
                     .flows = {},
                     .unseen = std::move(bound.unseen)};
}

std::optional<BoundPlugin> bind_table(Context& context, Merged& settings, PluginKind kind,
                                      const std::string& table, Position at) {
  const std::string key = table + ".use";
  require_key(context, settings, key, at);
  const auto id = bind_text(context, settings, key);
  if (!id) {
    settings.accept_all(table);
    return std::nullopt;
  }
  return bind(context, settings, kind, {*id, settings.find(key)->value.at, table});
}

}  // namespace

std::optional<BoundPlugin> bind_architecture(Context& context, Merged& settings, Position at) {
  return bind_table(context, settings, PluginKind::architecture, "architecture", at);
}

std::optional<BoundPlugin> bind_method(Context& context, Merged& settings, Position at) {
  auto method = bind_table(context, settings, PluginKind::method, "method", at);
  if (!method) return std::nullopt;
  if (method->awaited) {  // it may read whatever data there is
    method->flows = settings.tables_in("data");
    return method;
  }
  try {
    const PluginEntry& entry = context.catalogue.find(PluginKind::method, method->use.id)->entry;
    if (entry.needs) method->needs = entry.needs(method->use.options);
    for (const Flow& flow : entry.make_method(method->use.options)->flows())
      method->flows.push_back(flow.name);
  } catch (const std::exception& failure) {
    context.problems.add({"S111",
                          method->at,
                          "method \"" + method->use.id + "\" refuses its options: " + failure.what(),
                          "",
                          {}});
    return std::nullopt;
  }
  return method;
}

std::optional<BoundPlugin> bind_dataset(Context& context, Merged& settings, const std::string& flow) {
  return bind_table(context, settings, PluginKind::dataset, "data." + flow, {});
}

std::optional<BoundPlugin> bind_evaluator(Context& context, Merged& settings, const NamedPlugin& plugin) {
  return bind(context, settings, PluginKind::evaluator, plugin);
}

std::optional<BoundPlugin> bind_prompt_set(Context& context, Merged& settings, const NamedPlugin& plugin) {
  return bind(context, settings, PluginKind::prompt_set, plugin);
}

std::optional<BoundPlugin> bind_provider(Context& context, Merged& settings, PluginKind kind,
                                         const NamedPlugin& plugin) {
  if (context.without_providers && context.catalogue.find(kind, plugin.id) == nullptr)
    return awaited_plugin(context, settings, kind, plugin);
  return bind(context, settings, kind, plugin);
}

}  // namespace umm::spec
