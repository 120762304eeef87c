#include "plan/drift.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "evaluate/benchmark.h"
#include "results/database.h"

namespace umm {
namespace {

using Json = nlohmann::json;

// "/evaluator_options/threshold" -> "0.3"
std::map<std::string, std::string> settings_of(const std::string& protocol_text) {
  const Json json = Json::parse(protocol_text, nullptr, /*allow_exceptions=*/false);
  std::map<std::string, std::string> settings;
  if (!json.is_object() || json.empty()) return settings;
  const Json flat = json.flatten();
  for (const auto& [key, value] : flat.items()) settings[key.substr(1)] = value.dump();
  return settings;
}

}  // namespace

std::string protocol_difference(const std::string& before, const std::string& now) {
  const auto old_settings = settings_of(before), new_settings = settings_of(now);
  std::set<std::string> keys;
  for (const auto& [key, value] : old_settings) keys.insert(key);
  for (const auto& [key, value] : new_settings) keys.insert(key);
  const auto value_of = [](const auto& settings, const std::string& key) {
    const auto found = settings.find(key);
    return found == settings.end() ? std::string("(absent)") : found->second;
  };
  std::string text;
  for (const auto& key : keys) {
    const auto was = value_of(old_settings, key), is = value_of(new_settings, key);
    if (was != is) text += fmt::format("{}{} {} -> {}", text.empty() ? "" : ", ", key, was, is);
  }
  return text;
}

std::vector<std::string> protocol_warnings(const results::Store& store, const Experiment& experiment) {
  std::map<std::string, std::map<std::string, const EvaluationConfig*>> planned;  // benchmark, protocol
  for (const auto& run : experiment.runs)
    for (const auto& evaluation : run.evaluations)
      planned[evaluation.name].emplace(evaluation.protocol_hash, &evaluation);
  results::Statement statement(
      store.handle(),
      "SELECT evaluation.benchmark, evaluation.protocol_hash, min(evaluation.protocol_text), "
      "       min(evaluation.created_utc), count(DISTINCT evaluation.id) "
      "FROM sweep JOIN sweep_run ON sweep_run.sweep_id = sweep.id "
      "JOIN run_evaluation ON run_evaluation.run_id = sweep_run.run_id "
      "JOIN evaluation ON evaluation.id = run_evaluation.evaluation_id "
      "WHERE sweep.name = ? GROUP BY 1, 2 ORDER BY 1, 4");
  statement.bind(experiment.name);
  std::vector<std::string> warnings;
  while (statement.step()) {
    const auto found = planned.find(statement.text(0));
    if (found == planned.end() || found->second.contains(statement.text(1))) continue;
    const auto difference =
        protocol_difference(statement.text(2), protocol_text(*found->second.begin()->second));
    warnings.push_back(fmt::format(
        "warning[S210]: {}: {} stored evaluations of this sweep, the first of {}, have another protocol: {}\n"
        "   = their scores and new ones will not share a table; take the old setting back, or give the sweep "
        "another name",
        statement.text(0), statement.integer(4), statement.text(3).substr(0, 10),
        difference.empty() ? "the prompts are others" : difference));
  }
  return warnings;
}

}  // namespace umm
