#include "score/external_run.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "loader/hash.h"
#include "spec/elsewhere.h"
#include "spec/read.h"
#include "spec/resources.h"
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

constexpr const char* kOracle = "tiny_world";
constexpr const char* kJudgeTable = "resources.judge.";

// Whom the evaluator asks, as far as options name them.
void add_providers(std::string& text, const ExternalRun& external, const std::vector<PluginKind>& asks) {
  for (const PluginKind kind : asks) {
    if (external.oracle) add_line(text, to_text(kind), kOracle);
    if (!external.oracle && kind == PluginKind::judge && !external.only_evidence)
      add_line(text, to_text(kind), "openai");
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
  const LoadedPlugin* evaluator = catalogue.find(PluginKind::evaluator, name);
  if (protocol.empty() && evaluator != nullptr) {
    const auto& asks = evaluator->entry.asks;
    add_providers(text, external, asks);
    // Each answer of a judge is paid for: benchmarks that ask one have one picture of each item.
    const bool asks_judge = std::count(asks.begin(), asks.end(), PluginKind::judge) > 0;
    const int64_t images = external.images_per_prompt == 0 && asks_judge ? 1 : external.images_per_prompt;
    if (images > 0) text += "images_per_prompt = " + std::to_string(images) + "\n";
  }
  if (!external.judge_url.empty() || !external.replies.empty()) text += "\n[resources.judge]\n";
  add_line(text, "url", spec::url_without_secrets(external.judge_url));
  add_line(text, "key_variable", external.judge_key_variable);
  if (!external.replies.empty()) text += "replay_only = true\n";
  return text;
}

// As `--set` of a spec has it.
std::string set_of_spec(const std::string& set, const std::string& evaluation) {
  if (!set.starts_with(kJudgeTable)) return "eval." + evaluation + "." + set;
  UMM_CHECK_INPUT(!set.starts_with(std::string(kJudgeTable) + "url"), "--set ", kJudgeTable,
                  "url: expected the judge's URL as --judge URL, which keeps keys in it out of the database");
  return set;
}

// What options say is not what the protocol says.
void check_agreement(const ExternalRun& external, const EvaluationConfig& config,
                     const Catalogue& catalogue) {
  const std::string name = name_of(external);
  UMM_CHECK_INPUT(config.evaluator.id == name || catalogue.find(PluginKind::evaluator, name) == nullptr, "\"",
                  external.benchmark, "\": expected a protocol of the evaluator ", name, ", found that ",
                  protocol_of(external), " is one of ", config.evaluator.id, "; score ", config.evaluator.id,
                  " with it");
  const std::string source = protocol_of(external).empty() ? config.name : protocol_of(external);
  if (external.oracle)
    for (const auto& [kind, use] : config.providers)
      UMM_CHECK_INPUT(use.id == kOracle, "--oracle is the tiny world's own, and ", source, " asks the ",
                      to_text(kind), " ", use.id, "; drop --oracle, or name a protocol that asks ", kOracle);
  if (external.judge_url.empty() && external.replies.empty()) return;
  const char* option = external.replies.empty() ? "--judge" : "--replay";
  const auto judge = config.providers.find(PluginKind::judge);
  UMM_CHECK_INPUT(judge != config.providers.end() || external.only_evidence, option, ": ", source,
                  " asks no judge; drop it");
  UMM_CHECK_INPUT(judge == config.providers.end() || judge->second.id != kOracle, option, ": ", source,
                  " asks the judge ", kOracle, ", which is reached without a server; drop ", option,
                  ", or name a protocol that asks another");
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
  const spec::Elsewhere nowhere;  // what is not here is awaited
  SpecChanges changes{.without_providers = external.only_evidence,
                      .origins = true,
                      .elsewhere = external.only_protocol ? &nowhere : nullptr,
                      .prompts_hash = external.prompts_hash};
  for (const auto& set : external.sets) changes.sets.push_back(set_of_spec(set, name_of(external)));
  Experiment experiment = read_experiment(files, changes, with_external);
  experiment.output = external.output;
  RunConfig& run = experiment.runs.at(0);
  check_agreement(external, run.evaluations.at(0), with_external);
  run.resources.judge.url = external.judge_url;
  return experiment;
}

void set_content(RunConfig& run, const std::string& content) {
  run.base_hash = content;
  run.canonical += "content = " + content + "\nlabel = " + run.label + "\n";
  run.identity = hash_text(run.canonical);
}

}  // namespace umm
