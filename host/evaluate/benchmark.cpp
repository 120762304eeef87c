#include "evaluate/benchmark.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "loader/guard.h"
#include "train/files.h"
#include "umm/error.h"

namespace umm {
namespace {

using Json = nlohmann::json;

Json to_json(const Options& options) {
  Json json = Json::object();
  for (const auto& [name, value] : options.values()) {
    std::visit([&, &key = name](const auto& typed) { json[key] = typed; }, value);
  }
  return json;
}

std::map<std::string, OptionValue> values_from_json(const Json& json) {
  std::map<std::string, OptionValue> values;
  for (const auto& [name, value] : json.items()) {
    if (value.is_boolean())
      values[name] = value.get<bool>();
    else if (value.is_number_integer())
      values[name] = value.get<int64_t>();
    else if (value.is_number())
      values[name] = value.get<double>();
    else
      values[name] = value.get<std::string>();
  }
  return values;
}

EvaluatorInput read_records(const EvaluationConfig& config, const Catalogue& catalogue) {
  if (config.prompt_file.empty()) {
    const auto& plugin = catalogue.at(PluginKind::prompt_set, config.prompt_set.id);
    return {guarded(named(PluginKind::prompt_set, plugin.entry.id), "making prompts",
                    [&] { return plugin.entry.make_prompt_set(config.prompt_set.options)->records(); }),
            config.prompt_set.id};
  }
  EvaluatorInput input{{}, config.prompt_file};
  std::istringstream text(read_text_file(config.prompt_file));
  for (std::string line; std::getline(text, line);) {
    if (line.find_first_not_of(" \t\r") != std::string::npos) input.records.push_back(line);
  }
  return input;
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

Benchmark make_benchmark(const EvaluationConfig& config, const Catalogue& catalogue) {
  const auto input = read_records(config, catalogue);
  Benchmark benchmark;
  const auto& evaluator = catalogue.at(PluginKind::evaluator, config.evaluator.id);
  benchmark.name = named(PluginKind::evaluator, config.evaluator.id);
  benchmark.evaluator = guarded(benchmark.name, "reading prompts", [&] {
    return evaluator.entry.make_evaluator(config.evaluator.options, input);
  });
  const auto& detector = catalogue.at(PluginKind::detector, config.detector.id);
  benchmark.detector = guarded(named(PluginKind::detector, config.detector.id), "making the detector",
                               [&] { return detector.entry.make_detector(config.detector.options); });
  benchmark.items = checked_items(*benchmark.evaluator, input.source);
  return benchmark;
}

std::string protocol_text(const EvaluationConfig& config) {
  Json json = {{"evaluator", config.evaluator.id},
               {"evaluator_options", to_json(config.evaluator.options)},
               {"detector", config.detector.id},
               {"detector_options", to_json(config.detector.options)},
               {"images_per_prompt", config.images_per_prompt},
               {"seed", config.seed}};
  if (!config.prompt_file.empty()) {
    json["prompts"] = std::filesystem::path(config.prompt_file).filename().string();
  } else {
    json["prompts"] = config.prompt_set.id;
    json["prompt_options"] = to_json(config.prompt_set.options);
  }
  return json.dump();
}

Benchmark benchmark_from_protocol(const std::string& protocol_text,
                                  const std::vector<results::ItemRow>& items, const Catalogue& catalogue) {
  const Json json = Json::parse(protocol_text, nullptr, /*allow_exceptions=*/false);
  UMM_CHECK_INPUT(json.is_object() && json.contains("evaluator") && json.contains("evaluator_options"),
                  "the stored protocol is not one of this program's: ", protocol_text);
  EvaluatorInput input{{}, "the stored prompts"};
  for (const auto& item : items) input.records.push_back(item.metadata);
  const auto& entry = catalogue.at(PluginKind::evaluator, json["evaluator"]).entry;
  Benchmark benchmark;
  benchmark.name = named(PluginKind::evaluator, entry.id);
  benchmark.evaluator = guarded(benchmark.name, "reading prompts", [&] {
    return entry.make_evaluator(Options(entry.options, values_from_json(json["evaluator_options"])), input);
  });
  benchmark.items = checked_items(*benchmark.evaluator, input.source);
  return benchmark;
}

std::string canonical_text(const Options& options) {
  std::string text;
  for (const auto& [name, value] : options.values()) text += name + " = " + to_text(value) + "\n";
  return text;
}

}  // namespace umm
