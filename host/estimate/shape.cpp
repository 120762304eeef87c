#include "estimate/shape.h"

#include <set>
#include <sstream>

#include "spec/identity.h"

namespace umm {

std::string cost_shape(const StageConfig& stage) {
  return cost_shape(stage.canonical);
}

std::string cost_shape(const std::string& stage_canonical) {
  static const std::set<std::string> kNumbersOnly = {"base",
                                                     "previous",
                                                     "seed",
                                                     "stage",
                                                     "train.beta1",
                                                     "train.beta2",
                                                     "train.epsilon",
                                                     "train.lr",
                                                     "train.final_lr_ratio",
                                                     "train.horizon",
                                                     "train.schedule",
                                                     "train.warmup",
                                                     "train.weight_decay"};
  std::string shape;
  std::istringstream lines(stage_canonical);  // "key = value"
  for (std::string line; std::getline(lines, line);)
    if (!kNumbersOnly.contains(line.substr(0, line.find(" = ")))) shape += line + "\n";
  return shape;
}

std::string cost_shape(const RunConfig& run, const EvaluationConfig& evaluation) {
  return run.architecture.id + "\n" + canonical_text(run.architecture.options) + evaluation.protocol_hash +
         "\n" + std::to_string(evaluation.batch_size) + "\n" + canonical_text(evaluation.sampling);
}

}  // namespace umm
