// Databases that older programs filled from journals. They made less of them: they knew no names of
// evaluations, counted the first process at an evaluation and its costs alone, and passed over which
// evaluations an `end` says are there.
#pragma once

#include <filesystem>

#include "results/store.h"

namespace umm::results {

// Empties such a database where the files of the output folder still say all that it holds: it is then as one
// that was deleted. Otherwise its rows stay as they are, for some of them are nowhere else.
void forget_older_reading(const Store& store, const std::filesystem::path& output);

}  // namespace umm::results
