// Opens a checkpoint file of any format that models are published in, and executes none of it:
//   safetensors         one file, or shards and their index (*.safetensors.index.json)
//   torch.save          zip files of today and the stream files of before torch 1.6
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "umm/checkpoint.h"

namespace umm::checkpoint {

// By content, not by name. Throws InputError that names the file and what is wrong with it.
UMM_API std::shared_ptr<TensorFile> open_tensor_file(const std::string& path);

// The first of these names that exists in `folder`, and "" if none does.
UMM_API std::string first_existing(const std::string& folder, const std::vector<std::string>& names);

}  // namespace umm::checkpoint
