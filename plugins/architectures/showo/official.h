// The official downloads of Show-o's parts: which files hold the weights, and what they call them.
#pragma once

#include <string>
#include <vector>

#include "config.h"
#include "packing.h"
#include "umm/checkpoint.h"

namespace umm::showo {

// Matches the files in `folder`, a download of the component's repository, with the model's tensors.
void add_official_files(const std::string& component, const std::string& folder,
                        const std::vector<NamedTensor>& targets, WeightLoader& loader);

// Component "model" as the official class loads it from a folder: pytorch_model.safetensors and config.json.
void write_official_model(const std::string& folder, const std::vector<NamedTensor>& tensors,
                          const ShowoConfig& config, const Vocabulary& vocabulary);

}  // namespace umm::showo
