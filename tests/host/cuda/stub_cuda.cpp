// A driver with two devices, 5 and 6 by handle.
#include <cstdio>
#include <cstring>

extern "C" {
int cuInit(unsigned int) {
  return 0;
}
int cuDeviceGetCount(int* count) {
  *count = 2;
  return 0;
}
int cuDeviceGet(int* device, int ordinal) {
  *device = ordinal + 5;
  return ordinal < 2 ? 0 : 101;
}
int cuDeviceGetName(char* name, int length, int device) {
  std::snprintf(name, static_cast<size_t>(length), "stub %d", device);
  return 0;
}
int cuDeviceGetAttribute(int* value, int, int) {
  *value = 9;
  return 0;
}
int cuDeviceGetPCIBusId(char* text, int length, int device) {
  std::snprintf(text, static_cast<size_t>(length), "0000:%02d:00.0", device);
  return 0;
}
}
