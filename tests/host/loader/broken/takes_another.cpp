// Sound beside those of takes_namespace.cpp.
#include <torch/library.h>

#include "umm/plugin.h"

TORCH_LIBRARY(umm_test_free, library) {
  library.def("nothing() -> ()");
}

namespace {
void register_plugins(umm::Registry& registry) {
  registry.add({.kind = umm::PluginKind::method, .id = "takes_another", .doc = "In nobody's way."});
}
}  // namespace

UMM_PLUGIN(register_plugins)
