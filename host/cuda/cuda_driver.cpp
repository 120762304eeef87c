#include "cuda/cuda_driver.h"

#include <dlfcn.h>

#include <array>

namespace umm {
namespace {

// The driver's C interface: results are 0 for success, devices are integers.
struct Driver {
  int (*initialize)(unsigned int flags) = nullptr;
  int (*device_count)(int* count) = nullptr;
  int (*device_at)(int* device, int ordinal) = nullptr;
  int (*device_name)(char* name, int length, int device) = nullptr;
  int (*device_attribute)(int* value, int attribute, int device) = nullptr;
  int (*bus_id)(char* text, int length, int device) = nullptr;
  bool ready = false;
};

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

const Driver& driver() {
  static const Driver instance = [] {
    Driver loaded;
    void* library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    loaded.ready = library && find(library, "cuInit", loaded.initialize) &&
                   find(library, "cuDeviceGetCount", loaded.device_count) &&
                   find(library, "cuDeviceGet", loaded.device_at) &&
                   find(library, "cuDeviceGetName", loaded.device_name) &&
                   find(library, "cuDeviceGetAttribute", loaded.device_attribute) &&
                   find(library, "cuDeviceGetPCIBusId", loaded.bus_id) && loaded.initialize(0) == 0;
    return loaded;
  }();
  return instance;
}

}  // namespace

int cuda_driver_device_count() {
  int count = 0;
  if (!driver().ready || driver().device_count(&count) != 0) return 0;
  return count;
}

std::string cuda_device_name(int device) {
  int handle = 0;
  std::array<char, 256> name{};
  if (!driver().ready || driver().device_at(&handle, device) != 0 ||
      driver().device_name(name.data(), static_cast<int>(name.size()), handle) != 0) {
    return "cuda";
  }
  return name.data();
}

std::string cuda_bus_id(int device) {
  int handle = 0;
  std::array<char, 64> text{};
  if (!driver().ready || driver().device_at(&handle, device) != 0 ||
      driver().bus_id(text.data(), static_cast<int>(text.size()), handle) != 0) {
    return "";
  }
  return text.data();
}

int cuda_compute_capability(int device) {
  constexpr int kMajor = 75, kMinor = 76;  // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_...
  int handle = 0, major = 0, minor = 0;
  if (!driver().ready || driver().device_at(&handle, device) != 0 ||
      driver().device_attribute(&major, kMajor, handle) != 0 ||
      driver().device_attribute(&minor, kMinor, handle) != 0) {
    return 0;
  }
  return 10 * major + minor;
}

}  // namespace umm
