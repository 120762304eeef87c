// What a device has taken from the wall, by the counter of NVIDIA's management library (libnvidia-ml.so.1),
// opened at run time.
#pragma once

#include <optional>

namespace umm {

// Joules since the driver was loaded, whoever used the device; nullopt: no library, no device, or a device
// without such a counter (before Volta). `device`: as CUDA numbers it.
std::optional<double> cuda_device_joules(int device);

}  // namespace umm
