// A resolved run as a file: what its process reads, so that nothing edited later changes it.
#pragma once

#include <string>

#include "loader/catalogue.h"
#include "spec/experiment.h"

namespace umm {

std::string run_to_json(const RunConfig& run);

// `catalogue` knows the plugins' options. InputError: damaged, or of another program.
RunConfig run_from_json(const std::string& text, const Catalogue& catalogue);

}  // namespace umm
