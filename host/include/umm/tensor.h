// LibTorch's tensor under our name. SDK headers never include <torch/torch.h> (six times the compile time).
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "umm/tensor_fwd.h"

namespace umm {

struct NamedTensor {
  std::string name;
  Tensor value;
};

}  // namespace umm
