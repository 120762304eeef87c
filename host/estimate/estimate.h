// What a stage or an evaluation will cost, found by running its own code, plugins included, on a model
// without memory (meta_model.h). Each estimate runs in a process of its own. ChildFailed says why there is
// none: the plugin's code looked at a tensor's values, or an operation is unknown on the meta device. Error
// and InputError say what the run itself would stop at.
#pragma once

#include <cstdint>
#include <vector>

#include "loader/catalogue.h"
#include "process/child_process.h"
#include "spec/experiment.h"
#include "train/memory_plan.h"
#include "umm/evaluator.h"

namespace umm {

struct StageEstimate {
  MemoryPlan memory;        // at the first update's lengths of text
  double flops = 0;         // of the whole stage
  int64_t images_seen = 0;  // by the whole stage
};

// Draws the stage's first micro-batches.
StageEstimate estimate_stage(const RunConfig& run, const StageConfig& stage, const Catalogue& catalogue);

struct GenerationEstimate {
  double flops = 0;  // of all pictures
  int64_t images = 0;
};

// Of the evaluation's pictures for `items`.
GenerationEstimate estimate_generation(const RunConfig& run, const EvaluationConfig& evaluation,
                                       const std::vector<EvaluationItem>& items, const Catalogue& catalogue);

}  // namespace umm
