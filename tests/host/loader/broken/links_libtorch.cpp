#include "umm/plugin.h"

extern "C" int from_another_libtorch();

namespace {
void register_plugins(umm::Registry& registry) {
  registry.add({.id = "links_libtorch", .doc = std::to_string(from_another_libtorch())});
}
}  // namespace

UMM_PLUGIN(register_plugins)
