#pragma once

#include <string>
#include <vector>

#include "loader/catalogue.h"

namespace umm {

// Architectures toy and blind (no image encoder, no sampler), methods sft and reca, dataset and prompt set
// world, detector oracle, evaluator geneval. `library` is part of every library's content hash.
std::vector<LoadedPlugin> test_plugins(const std::string& library = "library");

}  // namespace umm
