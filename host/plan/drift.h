// Scores under different protocols never share a column: a sweep whose protocol has changed since its first
// scores would end as two tables.
#pragma once

#include <string>
#include <vector>

#include "results/store.h"
#include "spec/experiment.h"

namespace umm {

// S210, one for each benchmark and other protocol that the database has for this sweep.
std::vector<std::string> protocol_warnings(const results::Store& store, const Experiment& experiment);

}  // namespace umm
