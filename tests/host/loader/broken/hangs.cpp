#include "umm/plugin.h"

namespace {
void register_plugins(umm::Registry&) {
  for (volatile bool forever = true; forever;) {
  }
}
}  // namespace

UMM_PLUGIN(register_plugins)
