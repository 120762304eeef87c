// A management library that knows the device at bus 6 alone; each question finds 2500 millijoules more.
#include <cstring>

namespace {
bool initialized = false;
int the_device = 0;
unsigned long long energy = 0;
}  // namespace

extern "C" {
int nvmlInit_v2() {
  initialized = true;
  return 0;
}
int nvmlDeviceGetHandleByPciBusId_v2(const char* bus_id, void** device) {
  if (!initialized || std::strcmp(bus_id, "0000:06:00.0") != 0) return 6;
  *device = &the_device;
  return 0;
}
int nvmlDeviceGetTotalEnergyConsumption(void* device, unsigned long long* millijoules) {
  if (device != &the_device) return 2;
  *millijoules = energy += 2500;
  return 0;
}
}
