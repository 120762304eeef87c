// From flat settings to the structs of experiment.h. Each reports what is wrong and then returns nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spec/experiment.h"
#include "spec/identity.h"
#include "spec/outline.h"
#include "spec/plugins.h"

namespace umm::spec {

struct StageInput {
  std::string name;  // "": the method's id
  Merged settings;
};

struct RunInput {
  bool reference = false;
  Merged settings;
  std::vector<StageInput> stages;  // none for a reference
};

// Everything of a run but its label, name and axes.
std::optional<RunConfig> bind_run(Context& context, const Outline& outline, RunInput& input);

// `architecture` may be nullptr where it could not be bound. `start`: what the run starts from; `previous`:
// identity of the stage before, or "".
std::optional<StageConfig> bind_stage(Context& context, StageInput& input, Position base_at,
                                      const BoundPlugin* architecture, const Canonical& start,
                                      const std::string& previous);

// Adds what the evaluation's result depends on to `run`, the canonical text of its run. `weights`: which are
// evaluated where the evaluation does not say.
std::optional<EvaluationConfig> bind_evaluation(Context& context, Merged& settings, const Named& evaluation,
                                                const std::string& weights, const BoundPlugin* architecture,
                                                Canonical& run);

}  // namespace umm::spec
