#include <stdexcept>

#include "umm/plugin.h"

namespace {
void register_plugins(umm::Registry& registry) {
  registry.add({.kind = umm::PluginKind::method, .id = "half_registered", .doc = "Must not stay."});
  throw std::runtime_error("the licence server does not answer");
}
}  // namespace

UMM_PLUGIN(register_plugins)
