// Frozen means frozen: without requires_grad, autograd keeps nothing for a parameter, and the optimizer never
// hears of it.
#pragma once

#include <vector>

#include "spec/experiment.h"
#include "umm/architecture.h"
#include "umm/method.h"

namespace umm {

// InputError on groups that the stage's settings name and the model lacks.
void check_groups(const StageConfig& stage, const Architecture& model);

// Parameters that the stage trains, by the spec's choice, else the method's; they alone require a gradient
// from now on. InputError on unknown groups and where nothing is left to train.
std::vector<Parameter> freeze(Architecture& model, const Method& method, const StageConfig& stage);

}  // namespace umm
