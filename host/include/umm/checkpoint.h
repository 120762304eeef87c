// safetensors files: the only format the harness itself writes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm {

using Metadata = std::map<std::string, std::string>;

// Tensors in file order, on the CPU. Throws InputError that names the file and what is wrong (truncated,
// header too long, overlapping ranges, unknown dtype, ...). Executes nothing, trusts no length.
UMM_API std::vector<NamedTensor> read_safetensors(const std::string& path, Metadata* metadata = nullptr);

// Written beside the target, synced, then renamed: complete or absent. Bytes depend on the arguments only.
UMM_API void write_safetensors(const std::string& path, const std::vector<NamedTensor>& tensors,
                               const Metadata& metadata = {});

}  // namespace umm
