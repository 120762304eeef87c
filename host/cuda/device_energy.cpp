#include "cuda/device_energy.h"

#include <dlfcn.h>

#include "cuda/cuda_driver.h"

namespace umm {
namespace {

// The library's C interface: results are 0 for success, devices are pointers.
struct Management {
  int (*initialize)() = nullptr;
  int (*device_at)(const char* bus_id, void** device) = nullptr;
  int (*millijoules)(void* device, unsigned long long* energy) = nullptr;
  bool ready = false;
};

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

const Management& management() {
  static const Management instance = [] {
    Management loaded;
    void* library = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
    loaded.ready = library && find(library, "nvmlInit_v2", loaded.initialize) &&
                   find(library, "nvmlDeviceGetHandleByPciBusId_v2", loaded.device_at) &&
                   find(library, "nvmlDeviceGetTotalEnergyConsumption", loaded.millijoules) &&
                   loaded.initialize() == 0;
    return loaded;
  }();
  return instance;
}

}  // namespace

// By its place on the bus: the library numbers devices otherwise than CUDA does.
std::optional<double> cuda_device_joules(int device) {
  const std::string bus_id = cuda_bus_id(device);
  void* handle = nullptr;
  unsigned long long energy = 0;
  if (bus_id.empty() || !management().ready || management().device_at(bus_id.c_str(), &handle) != 0 ||
      management().millijoules(handle, &energy) != 0) {
    return std::nullopt;
  }
  return static_cast<double>(energy) / 1000;
}

}  // namespace umm
