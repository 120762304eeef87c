#include "evaluate/run_model.h"

#include <ATen/Parallel.h>

#include <utility>

#include "loader/guard.h"
#include "meter/phase_meter.h"
#include "train/device.h"

namespace umm {

Architecture& RunModel::with_weights(const Checkpoint* checkpoint) {
  const std::string wanted = checkpoint ? checkpoint->folder.string() : "";
  if (model_ && loaded_ == wanted) return *model_;
  // The device comes before the first tensor.
  const auto device = choose_device(run_.resources.device);
  if (run_.resources.threads > 0) at::set_num_threads(static_cast<int>(run_.resources.threads));
  const PhaseMeter meter("load", device);
  const std::string plugin = named(PluginKind::architecture, run_.architecture.id);
  if (!model_ || !checkpoint) {
    const auto& entry = catalogue_.at(PluginKind::architecture, run_.architecture.id).entry;
    model_ = guarded(plugin, "making the model",
                     [&] { return entry.make_architecture(run_.architecture.options); });
  }
  if (!checkpoint) guarded(plugin, "making fresh weights", [&] { model_->initialize(run_.seed); });
  place_model(*model_, device, at::kFloat);
  loaded_.reset();
  if (checkpoint) load_weights(*model_, *checkpoint);
  loaded_ = wanted;
  costs_.push_back(meter.finish(0));
  return *model_;
}

std::vector<results::CostRow> RunModel::take_costs() {
  return std::exchange(costs_, {});
}

}  // namespace umm
