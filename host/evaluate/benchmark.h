// A benchmark made ready from plugins: its evaluator, its prompts and those whom it asks for evidence.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "loader/catalogue.h"
#include "results/store.h"
#include "spec/experiment.h"

namespace umm {

struct Benchmark {
  std::string name;  // of the evaluator, for messages: "evaluator `geneval`"
  std::unique_ptr<Evaluator> evaluator;
  std::vector<EvaluationItem> items;
  int64_t images_per_prompt = 1;
  // Those that it asks; none where only rules run.
  std::unique_ptr<ObjectDetector> detector;
  std::unique_ptr<QuestionAnswerer> answerer;
  std::unique_ptr<Judge> judge;

  EvidenceProviders providers() const { return {detector.get(), answerer.get(), judge.get()}; }
  std::string providers_version() const;  // of all of them: "oracle 1"
};

// `connection`: of a judge; it is not made before it is asked.
Benchmark make_benchmark(const EvaluationConfig& config, const Catalogue& catalogue,
                         const JudgeConnection& connection = {});

// Where nobody is asked: for prompts and rules; for rules alone, over items from elsewhere.
Benchmark make_benchmark_without_providers(const EvaluationConfig& config, const Catalogue& catalogue);
Benchmark make_rules(const EvaluationConfig& config, const Catalogue& catalogue);

// JSON: which evaluator, with which options, applied to what. Together with the items it is all that scoring
// stored evidence again needs.
std::string protocol_text(const EvaluationConfig& config);

// EvaluationConfig::protocol_hash from that text. nullopt: contents of files are part of it, or it names a
// plugin that is not there, or an option that its plugin does not have.
std::optional<std::string> hash_of_protocol(const std::string& protocol_text, const Catalogue& catalogue);

// The rules behind a stored evaluation, over its stored prompts. InputError where the plugin is not there.
Benchmark benchmark_from_protocol(const std::string& protocol_text,
                                  const std::vector<results::ItemRow>& items, const Catalogue& catalogue);

}  // namespace umm
