#include "umm/plugin.h"

namespace {
void register_plugins(umm::Registry&) {
  throw 7;
}
}  // namespace

UMM_PLUGIN(register_plugins)
