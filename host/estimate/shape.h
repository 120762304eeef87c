// What decides the cost of a stage or an evaluation: equal shapes need one estimate.
#pragma once

#include <string>

#include "spec/experiment.h"

namespace umm {

// All of the stage's settings but those that only change which numbers are computed: learning rates, seeds,
// base weights, the stages before it.
std::string cost_shape(const StageConfig& stage);
std::string cost_shape(const std::string& stage_canonical);

// Of drawing the evaluation's pictures with the run's model.
std::string cost_shape(const RunConfig& run, const EvaluationConfig& evaluation);

}  // namespace umm
