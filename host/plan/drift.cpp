#include "plan/drift.h"

#include <fmt/format.h>

#include <map>

#include "evaluate/benchmark.h"
#include "results/database.h"
#include "results/protocol_difference.h"

namespace umm {
namespace {

// "images_per_prompt 12 -> 4"
std::string difference(const std::string& before, const std::string& now) {
  std::string text;
  for (const auto& [setting, was, is] : results::differing_settings(before, now))
    text += fmt::format("{}{} {} -> {}", text.empty() ? "" : ", ", setting, was, is);
  return text;
}

}  // namespace

std::vector<std::string> protocol_warnings(const results::Store& store, const Experiment& experiment) {
  std::map<std::string, std::map<std::string, const EvaluationConfig*>> planned;  // benchmark, protocol
  for (const auto& run : experiment.runs)
    for (const auto& evaluation : run.evaluations)
      planned[evaluation.evaluator.id].emplace(evaluation.protocol_hash, &evaluation);
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
    const std::string differing =
        difference(statement.text(2), protocol_text(*found->second.begin()->second));
    warnings.push_back(fmt::format(
        "warning[S210]: {}: {} stored evaluations of this sweep, the first of {}, have another protocol: {}\n"
        "   = their scores and new ones will not share a table; take the old setting back, or give the sweep "
        "another name",
        statement.text(0), statement.integer(4), statement.text(3).substr(0, 10),
        differing.empty() ? "the prompts are others" : differing));
  }
  return warnings;
}

}  // namespace umm
