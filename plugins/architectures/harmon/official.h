// The official downloads of Harmon's parts: which files hold the weights, and what they call them.
#pragma once

#include <string>
#include <vector>

#include "umm/checkpoint.h"

namespace umm::harmon {

// Matches the files in `folder`, a download of the component's repository, with the model's tensors.
void add_official_files(const std::string& component, const std::string& folder,
                        const std::vector<NamedTensor>& targets, WeightLoader& loader);

// model.safetensors with all components under the names of the published repository.
void write_official_model(const std::string& folder, const std::vector<NamedTensor>& model,
                          const std::vector<NamedTensor>& image_tokenizer);

}  // namespace umm::harmon
