#include "umm/plugin.h"

extern "C" int from_other_library();

namespace {
void register_plugins(umm::Registry& registry) {
  registry.add({.id = "uses_other_library", .doc = std::to_string(from_other_library())});
}
}  // namespace

UMM_PLUGIN(register_plugins)
