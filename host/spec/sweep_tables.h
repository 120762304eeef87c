// [sweep], [budget], [launch] and [report]: what is said of all runs together. No identity depends on them.
#pragma once

#include "spec/experiment.h"
#include "spec/outline.h"

namespace umm::spec {

// [sweep] is the spec's own; the others are merged with those of the files that it extends.
void read_sweep_tables(Context& context, const Outline& outline, Experiment& experiment);

}  // namespace umm::spec
