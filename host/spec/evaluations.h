// [eval]: its own keys, [eval.NAME], and [[eval.benchmark]], which says the same.
#pragma once

#include "spec/outline.h"

namespace umm::spec {

// Adds the evaluations of one file to the outline, and what they set to `settings`.
void read_evaluations(Problems& problems, Outline& outline, const Entry& eval, Layer layer,
                      Settings& settings);

}  // namespace umm::spec
