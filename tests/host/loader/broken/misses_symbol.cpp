#include "umm/plugin.h"

namespace umm::nn {
int nobody_defines_this(int width);
}

namespace {
void register_plugins(umm::Registry& registry) {
  registry.add({.id = "misses_symbol", .doc = std::to_string(umm::nn::nobody_defines_this(3))});
}
}  // namespace

UMM_PLUGIN(register_plugins)
