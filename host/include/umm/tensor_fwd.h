// The name of a tensor, for headers that only mention it.
#pragma once

namespace at {
class Tensor;
}

namespace umm {
using Tensor = at::Tensor;
}
