// Whether the CUDA code of a plugin runs on this machine, by what its identity says: nothing of it is opened.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "loader/identity.h"

namespace umm {

// The compute capability of each GPU, times ten as in the names of CUDA architectures: 9.0 is 90.
using AskGpus = std::function<std::vector<int>()>;

// Those of the NVIDIA driver; none where it does not answer. It is asked once, in a process of its own: one
// in which the driver has started must not fork any more, and the loader forks.
std::vector<int> gpus_of_this_machine();

// Whether code for one of CMake's CUDA_ARCHITECTURES runs on a GPU. NVIDIA's rule: machine code (80-real)
// runs within its major version from its minor one on, PTX (80-virtual) on all that is not older; either runs
// with the suffix `a` on that very one, with `f` within the major version. Without either word it is both.
bool runs_on(std::string_view architecture, int compute_capability);

// Throws PluginRefused P008. GPUs are asked for only where the plugin has CUDA code.
void check_cuda(const PluginFile& plugin, const Identity& host, const AskGpus& gpus);

}  // namespace umm
