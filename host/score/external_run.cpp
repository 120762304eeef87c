#include "score/external_run.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "loader/hash.h"
#include "spec/read.h"
#include "umm/capabilities.h"
#include "umm/error.h"

namespace umm {
namespace {

// JSON's strings are TOML's, too.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void add_line(std::string& text, const std::string& key, const std::string& value) {
  if (!value.empty()) text += key + " = " + quoted(value) + "\n";
}

std::string name_of(const ExternalRun& external) {
  return external.benchmark.substr(0, external.benchmark.find('/'));
}

std::string protocol_of(const ExternalRun& external) {
  const bool names_protocol = external.benchmark.find('/') != std::string::npos;
  UMM_CHECK_INPUT(!names_protocol || external.protocol.empty(), "\"", external.benchmark,
                  "\" is a protocol, and so is --protocol ", external.protocol, ": name one");
  return names_protocol ? external.benchmark : external.protocol;
}

// Whom the evaluator asks, as far as options name them.
void add_providers(std::string& text, const ExternalRun& external, const Catalogue& catalogue) {
  const LoadedPlugin* evaluator = catalogue.find(PluginKind::evaluator, name_of(external));
  if (evaluator == nullptr) return;
  for (const PluginKind kind : evaluator->entry.asks) {
    if (external.oracle) add_line(text, to_text(kind), "tiny_world");
    if (!external.oracle && kind == PluginKind::judge) add_line(text, to_text(kind), "openai");
  }
}

std::string spec_text(const ExternalRun& external, const Catalogue& catalogue) {
  const std::string protocol = protocol_of(external), name = name_of(external);
  std::string text = "schema = 1\n\n[sweep]\n";
  add_line(text, "name", external.sweep);
  text += "\n[base.architecture]\n";
  add_line(text, "use", kExternal);
  text += "\n[[reference]]\n";
  add_line(text, "name", external.label);
  text += "\n[eval." + name + "]\n";
  add_line(text, "protocol", protocol);
  add_line(text, "prompts", external.prompts);
  if (protocol.empty()) add_providers(text, external, catalogue);
  if (!external.judge_url.empty()) {
    text += "\n[resources.judge]\n";
    add_line(text, "url", external.judge_url);
    add_line(text, "key_variable", external.judge_key_variable);
  }
  if (!external.replies.empty()) text += "\n[resources.judge]\nreplay_only = true\n";
  return text;
}

}  // namespace

bool names_prompts(const ExternalRun& external) {
  return !external.prompts.empty() || !protocol_of(external).empty();
}

Catalogue with_external(const Catalogue& catalogue) {
  PluginEntry entry{.kind = PluginKind::architecture,
                    .id = kExternal,
                    .doc = "whoever made the pictures that are scored",
                    .provides = {ImageGenerator::kName}};
  auto plugins = catalogue.entries();
  std::erase_if(plugins, [](const LoadedPlugin& plugin) {
    return plugin.entry.kind == PluginKind::architecture && plugin.entry.id == kExternal;
  });
  plugins.push_back({std::move(entry), "", "", std::string(64, '0')});
  return Catalogue::of(std::move(plugins));
}

Experiment external_experiment(const ExternalRun& external, const Catalogue& with_external) {
  spec::SpecFiles files;
  spec::SpecFile file{.name = "score", .text = spec_text(external, with_external), .folder = ".", .root = {}};
  const int source = files.problems.add_source(file.name, file.text);
  if (auto root = spec::parse_toml(file.text, source, files.problems)) file.root = std::move(*root);
  files.files.push_back(std::move(file));
  SpecChanges changes{.without_providers = external.only_evidence};
  for (const auto& set : external.sets) changes.sets.push_back("eval." + name_of(external) + "." + set);
  Experiment experiment = read_experiment(files, changes, with_external);
  experiment.output = external.output;
  return experiment;
}

void set_content(RunConfig& run, const std::string& content) {
  run.base_hash = content;
  run.canonical += "content = " + content + "\nlabel = " + run.label + "\n";
  run.identity = hash_text(run.canonical);
}

}  // namespace umm
