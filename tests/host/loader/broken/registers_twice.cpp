#include "umm/plugin.h"

namespace {
void register_plugins(umm::Registry& registry) {
  for (int i = 0; i < 2; ++i)
    registry.add({.kind = umm::PluginKind::dataset, .id = "twin", .doc = "One of two."});
}
}  // namespace

UMM_PLUGIN(register_plugins)
