#include "evaluate/benchmark.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "json/checked_json.h"
#include "json/options_json.h"
#include "loader/guard.h"
#include "loader/hash.h"
#include "spec/identity.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm {
namespace {

using Json = nlohmann::json;

Json read_protocol(const std::string& text) {
  Json json = parse_json(text, "a stored protocol");
  UMM_CHECK_INPUT(json.is_object() && json.contains("evaluator") && json["evaluator"].is_string() &&
                      json.contains("evaluator_options"),
                  "a stored protocol is not one of this program's: ", excerpt(json));
  return json;
}

EvaluatorInput read_records(const EvaluationConfig& config, const Catalogue& catalogue) {
  if (config.prompt_file.empty()) {
    const auto& plugin = catalogue.at(PluginKind::prompt_set, config.prompt_set.id);
    return {.records =
                guarded(named(PluginKind::prompt_set, plugin.entry.id), "making prompts",
                        [&] { return plugin.entry.make_prompt_set(config.prompt_set.options)->records(); }),
            .source = config.prompt_set.id};
  }
  EvaluatorInput input{.source = config.prompt_file};
  std::string content = read_file(config.prompt_file);
  if (!config.prompt_file.ends_with(".jsonl")) {
    input.text = std::move(content);
    return input;
  }
  std::istringstream text(content);
  for (std::string line; std::getline(text, line);) {
    if (line.find_first_not_of(" \t\r") != std::string::npos) input.records.push_back(line);
  }
  return input;
}

Benchmark make_evaluator(const EvaluationConfig& config, const EvaluatorInput& input,
                         const Catalogue& catalogue) {
  const auto& entry = catalogue.at(PluginKind::evaluator, config.evaluator.id).entry;
  Benchmark benchmark;
  benchmark.name = named(PluginKind::evaluator, config.evaluator.id);
  benchmark.evaluator = guarded(benchmark.name, "reading prompts",
                                [&] { return entry.make_evaluator(config.evaluator.options, input); });
  return benchmark;
}

std::vector<EvaluationItem> checked_items(const Evaluator& evaluator, const std::string& source) {
  auto items = evaluator.items();
  UMM_CHECK_INPUT(!items.empty(), source, ": holds no prompt");
  std::set<std::string> ids;
  for (const auto& item : items) {
    UMM_CHECK(ids.insert(item.id).second, source, ": two prompts have the name \"", item.id, "\"");
  }
  return items;
}

}  // namespace

std::string Benchmark::providers_version() const {
  std::string versions;
  const auto add = [&](const auto& provider) {
    if (provider) versions += (versions.empty() ? "" : ", ") + provider->version();
  };
  add(detector);
  add(answerer);
  add(judge);
  return versions;
}

Benchmark make_rules(const EvaluationConfig& config, const Catalogue& catalogue) {
  return make_evaluator(config, {.source = config.name}, catalogue);
}

Benchmark make_benchmark_without_providers(const EvaluationConfig& config, const Catalogue& catalogue) {
  const auto input = read_records(config, catalogue);
  Benchmark benchmark = make_evaluator(config, input, catalogue);
  benchmark.items = checked_items(*benchmark.evaluator, input.source);
  benchmark.images_per_prompt = config.images_per_prompt;
  return benchmark;
}

Benchmark make_benchmark(const EvaluationConfig& config, const Catalogue& catalogue,
                         const JudgeConnection& connection) {
  Benchmark benchmark = make_benchmark_without_providers(config, catalogue);
  for (const auto& [kind, use] : config.providers) {
    const auto& entry = catalogue.at(kind, use.id).entry;
    guarded(named(kind, use.id), std::string("making the ") + to_text(kind), [&, &options = use.options] {
      if (entry.make_detector) benchmark.detector = entry.make_detector(options);
      if (entry.make_answerer) benchmark.answerer = entry.make_answerer(options);
      if (entry.make_judge) benchmark.judge = entry.make_judge(options, connection);
    });
  }
  return benchmark;
}

std::string protocol_text(const EvaluationConfig& config) {
  Json json = {{"evaluator", config.evaluator.id},
               {"evaluator_options", to_json(config.evaluator.options)},
               {"images_per_prompt", config.images_per_prompt},
               {"seed", config.seed}};
  for (const auto& [kind, use] : config.providers) {
    json[to_text(kind)] = use.id;
    json[std::string(to_text(kind)) + "_options"] = to_json(use.options);
  }
  if (!config.prompt_file.empty()) {
    json["prompts"] = std::filesystem::path(config.prompt_file).filename().string();
  } else {
    json["prompts"] = config.prompt_set.id;
    json["prompt_options"] = to_json(config.prompt_set.options);
  }
  return json.dump();
}

std::optional<std::string> hash_of_protocol(const std::string& protocol_text, const Catalogue& catalogue) {
  const Json json = read_protocol(protocol_text);
  if (!json.contains("prompt_options")) return std::nullopt;  // prompts in a file
  spec::Canonical protocol;
  for (const char* key : {"images_per_prompt", "seed"}) protocol.add(key, json.value(key, int64_t{0}));
  std::vector<std::pair<PluginKind, std::string>> parts = {{PluginKind::evaluator, "evaluator"},
                                                           {PluginKind::prompt_set, "prompts"}};
  for (const PluginKind kind : kEvidenceKinds)
    if (json.contains(to_text(kind))) parts.emplace_back(kind, to_text(kind));
  for (const auto& [kind, key] : parts) {
    const std::string id = json.value(key, "");
    const LoadedPlugin* plugin = catalogue.find(kind, id);
    if (plugin == nullptr) return std::nullopt;
    protocol.add(key, id);
    const std::string table = kind == PluginKind::prompt_set ? "prompt_options" : key + "_options";
    const Json options = json.value(table, Json::object());
    const OptionSchema& schema = plugin->entry.options;
    for (const auto& [name, value] : options.items())
      if (schema.find(name) == nullptr) return std::nullopt;
    for (const auto& [name, value] : option_values(schema, options)) {
      if (schema.find(name)->type == OptionType::path && !std::get<std::string>(value).empty())
        return std::nullopt;
      protocol.add(key + "." + name, value);
    }
  }
  return hash_text(protocol.text());
}

Benchmark benchmark_from_protocol(const std::string& protocol_text,
                                  const std::vector<results::ItemRow>& items, const Catalogue& catalogue) {
  const Json json = read_protocol(protocol_text);
  EvaluatorInput input{.source = "the stored prompts"};
  Benchmark benchmark;
  // Called as they are stored: some evaluators name a prompt by its place, and a log of others has gaps.
  for (const auto& item : items) {
    if (item.metadata != kNoRecord) input.records.push_back(item.metadata);
    benchmark.items.push_back(
        {.id = item.item_id, .tag = item.tag, .prompt = item.prompt, .metadata = item.metadata});
  }
  const auto& entry = catalogue.at(PluginKind::evaluator, json["evaluator"]).entry;
  benchmark.name = named(PluginKind::evaluator, entry.id);
  benchmark.evaluator = guarded(benchmark.name, "reading prompts", [&] {
    return entry.make_evaluator(
        Options(entry.options, option_values(entry.options, json["evaluator_options"])), input);
  });
  benchmark.images_per_prompt = json.value("images_per_prompt", int64_t{1});
  return benchmark;
}

}  // namespace umm
