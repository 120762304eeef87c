// A model without memory: all of its tensors are on LibTorch's meta device, where operations compute shapes
// only.
#pragma once

#include <memory>

#include "loader/catalogue.h"
#include "spec/experiment.h"
#include "umm/architecture.h"

namespace umm {

// In fp32. Holds no weights, so neither initialize() nor a checkpoint fits.
std::unique_ptr<Architecture> make_meta_model(const PluginUse& architecture, const Catalogue& catalogue);

}  // namespace umm
