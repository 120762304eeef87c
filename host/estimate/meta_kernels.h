// Operations that LibTorch ships without a kernel for its meta device.
#pragma once

namespace umm {

// From now on, in this process.
void register_meta_kernels();

}  // namespace umm
