// Plugins as a spec uses them. The only file here that sees the SDK's tensor headers is plugins.cpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "spec/context.h"
#include "spec/experiment.h"

namespace umm::spec {

struct BoundPlugin {
  PluginUse use;
  Position at;  // where its id is written
  std::string library_hash;
  std::map<std::string, std::string> path_hashes;  // path options -> content hash
  std::vector<std::string> provides;               // architecture
  bool generates_images = false;                   // architecture
  OptionSchema sampling;                           // architecture
  std::vector<PluginKind> asks;                    // evaluator
  std::vector<std::string> needs;                  // method, under these options
  std::vector<std::string> flows;                  // method, under these options
  bool awaited = false;                            // not here: nothing but its id is known
  std::map<std::string, std::string> unseen;       // options that could not be checked, as text
};

// Each reads `<table>.use` and the plugin's options from `settings`; nullopt: reported. `at` is where to
// point if the table is absent.
std::optional<BoundPlugin> bind_architecture(Context& context, Merged& settings, Position at);
std::optional<BoundPlugin> bind_method(Context& context, Merged& settings, Position at);
std::optional<BoundPlugin> bind_dataset(Context& context, Merged& settings, const std::string& flow);

// A plugin that another key of an evaluation names.
struct NamedPlugin {
  std::string id;
  Position at;
  std::string table;  // of its options
};
std::optional<BoundPlugin> bind_evaluator(Context& context, Merged& settings, const NamedPlugin& plugin);
std::optional<BoundPlugin> bind_prompt_set(Context& context, Merged& settings, const NamedPlugin& plugin);
std::optional<BoundPlugin> bind_provider(Context& context, Merged& settings, PluginKind kind,
                                         const NamedPlugin& plugin);

}  // namespace umm::spec
