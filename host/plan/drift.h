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

// "images_per_prompt 12 -> 4"; "" where two protocol texts (JSON) are equal.
std::string protocol_difference(const std::string& before, const std::string& now);

}  // namespace umm
