// As where a static LibTorch is linked in.
#include "umm/plugin.h"

namespace c10 {
UMM_API int GetCPUAllocator(int) {
  return 0;
}
}  // namespace c10

namespace {
void register_plugins(umm::Registry&) {}
}  // namespace

UMM_PLUGIN(register_plugins)
