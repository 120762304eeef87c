// Where a sweep and its runs come from, as far as it is known when they are submitted.
#pragma once

#include <string>

#include "loader/catalogue.h"
#include "results/submission.h"
#include "spec/experiment.h"

namespace umm {

results::Submission submission_of(const Experiment& experiment, const std::string& program_version);

// What the run awaits is not there to be named.
results::RunSources sources_of(const RunConfig& run, const Catalogue& catalogue);

}  // namespace umm
