// Compiled with -D_GLIBCXX_DEBUG.
#include "umm/plugin.h"

namespace {
void register_plugins(umm::Registry&) {}
}  // namespace

UMM_PLUGIN(register_plugins)
