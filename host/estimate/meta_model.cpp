#include "estimate/meta_model.h"

#include <ATen/ATen.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/library.h>

#include "estimate/meta_kernels.h"

namespace umm {
namespace {

// One of the two dispatch keys that LibTorch leaves to programs for changing operations of a thread for a
// while; the other is work_meter.cpp's.
constexpr auto kSkipFillKey = c10::DispatchKey::TESTING_ONLY_GenericMode;

at::Tensor& skip_fill(at::Tensor& self, double, double, std::optional<at::Generator>) {
  return self;
}

void register_skip_fill() {
  using torch::Library;
  static Library others(Library::IMPL, "_", kSkipFillKey, __FILE__, __LINE__);
  static Library fills(Library::IMPL, "aten", kSkipFillKey, __FILE__, __LINE__);
  static const bool once = [] {
    others.fallback(torch::CppFunction::makeFallthrough());
    fills.impl("uniform_", skip_fill);
    fills.impl("normal_", skip_fill);
    return true;
  }();
  (void)once;
}

}  // namespace

std::unique_ptr<Architecture> make_meta_model(const PluginUse& architecture, const Catalogue& catalogue) {
  register_skip_fill();
  register_meta_kernels();
  std::unique_ptr<Architecture> model;
  {
    // Without random values in them, freshly allocated weights never become resident.
    const c10::impl::IncludeDispatchKeyGuard no_random_fill(kSkipFillKey);
    const auto& entry = catalogue.at(PluginKind::architecture, architecture.id).entry;
    model = entry.make_architecture(architecture.options);
  }
  // set_data() refuses to move a tensor to the meta device.
  for (auto& parameter : model->parameters()) {
    auto* tensor = parameter.value.unsafeGetTensorImpl();
    const auto options = parameter.value.options().device(at::kMeta);
    const at::Tensor meta = at::empty_strided(parameter.value.sizes(), parameter.value.strides(), options);
    tensor->set_storage_keep_dtype(meta.storage());
    tensor->_change_backend_component_keys(at::kMeta);
  }
  return model;
}

}  // namespace umm
