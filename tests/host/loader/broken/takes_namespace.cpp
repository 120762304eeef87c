// Sound alone. Built twice, so that two libraries want the same namespace of operators.
#include <torch/library.h>

#include "umm/plugin.h"

TORCH_LIBRARY(umm_test_taken, library) {
  library.def("nothing() -> ()");
}

namespace {
void register_plugins(umm::Registry& registry) {
  registry.add({.kind = umm::PluginKind::method, .id = "takes_namespace", .doc = "One of two."});
}
}  // namespace

UMM_PLUGIN(register_plugins)
