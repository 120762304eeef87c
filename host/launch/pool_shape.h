// How many processes a local pool has at once, and on what.
#pragma once

#include <vector>

#include "spec/experiment.h"

namespace umm {

struct PoolShape {
  std::vector<int> gpus;  // of each process: the only GPU that it sees; -1: it sees them all, if any
};

// Whether the run leaves it to the pool which GPU it gets.
bool takes_any_gpu(const RunConfig& run);

PoolShape pool_shape(const Experiment& experiment);

}  // namespace umm
