// The few questions that are put to the NVIDIA driver itself (libcuda.so.1), opened at run time: the program
// links no CUDA library. Numbering follows CUDA_VISIBLE_DEVICES, as LibTorch's does.
#pragma once

#include <string>

namespace umm {

int cuda_driver_device_count();            // 0: no driver, or no device
std::string cuda_device_name(int device);  // "NVIDIA H200"; "cuda" where the driver does not say
std::string cuda_bus_id(int device);       // "0000:3B:00.0"; "" where the driver does not say
int cuda_compute_capability(int device);   // times ten: 90 is 9.0; 0 where the driver does not say

}  // namespace umm
