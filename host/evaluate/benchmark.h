// A benchmark made ready from plugins: its evaluator, its prompts and the detector that its spec names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "loader/catalogue.h"
#include "results/store.h"
#include "spec/experiment.h"

namespace umm {

struct Benchmark {
  std::string name;  // of the evaluator, for messages: "evaluator `geneval`"
  std::unique_ptr<Evaluator> evaluator;
  std::unique_ptr<ObjectDetector> detector;  // nullptr where only rules run
  std::vector<EvaluationItem> items;
};

Benchmark make_benchmark(const EvaluationConfig& config, const Catalogue& catalogue);

// JSON: which evaluator, with which options, applied to what. Together with the items it is all that scoring
// stored evidence again needs.
std::string protocol_text(const EvaluationConfig& config);

// The rules behind a stored evaluation, over its stored prompts. InputError where the plugin is not there.
Benchmark benchmark_from_protocol(const std::string& protocol_text,
                                  const std::vector<results::ItemRow>& items, const Catalogue& catalogue);

// "key = value" lines in the order of their keys.
std::string canonical_text(const Options& options);

}  // namespace umm
