// The runs of a spec: references first, then the product of the axes in file order, the first axis slowest.
#pragma once

#include <vector>

#include "spec/experiment.h"
#include "spec/outline.h"

namespace umm::spec {

// Reports problems of all runs; runs that have one are missing from the result.
std::vector<RunConfig> expand(Context& context, Outline& outline);

// S202, for the first pair.
void warn_of_equal_runs(Problems& problems, const Outline& outline, const std::vector<RunConfig>& runs);

}  // namespace umm::spec
