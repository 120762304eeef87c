#include "train/micro_batches.h"

#include <ATen/core/Tensor.h>

#include <algorithm>

#include "loader/guard.h"
#include "umm/error.h"

namespace umm {

Datasets make_datasets(const StageConfig& stage, const Catalogue& catalogue) {
  Datasets datasets;
  for (const auto& [flow, config] : stage.flows) {
    const auto& entry = catalogue.at(PluginKind::dataset, config.dataset.id).entry;
    datasets[flow] = guarded(named(PluginKind::dataset, entry.id), "opening the data",
                             [&] { return entry.make_dataset(config.dataset.options); });
  }
  return datasets;
}

MicroBatches::MicroBatches(const Method& method, const StageConfig& stage, const Datasets& datasets,
                           const Rng& rng, bool ahead)
    : stage_(stage), ahead_(ahead) {
  for (const auto& flow : method.flows()) {
    const auto dataset = datasets.find(flow.name);
    const auto config = stage.flows.find(flow.name);
    UMM_CHECK_INPUT(dataset != datasets.end() && config != stage.flows.end(), "stage ", stage.name,
                    ": the method needs data for flow \"", flow.name, "\" (", flow.doc, "); add [data.",
                    flow.name, "]");
    // One order for all flows: methods that name their flow of pictures differently see the same pictures.
    streams_.try_emplace(
        flow.name, *dataset->second, config->second.batch_size, rng.fork("order"),
        SampleReading{flow.name, config->second.max_unreadable, ahead ? config->second.reading_threads : 1});
    positions_[flow.name] = {};
  }
}

bool MicroBatches::takes_part(const std::string& flow, int64_t iteration) const {
  const auto& cycle = stage_.train.flow_cycle;
  if (cycle.empty()) return true;
  const auto& flows = cycle[static_cast<size_t>(iteration) % cycle.size()];
  return std::find(flows.begin(), flows.end(), flow) != flows.end();
}

std::map<std::string, Batch> MicroBatches::draw(int64_t iteration) {
  std::map<std::string, Batch> batches;
  for (auto& [name, stream] : streams_)
    if (takes_part(name, iteration))
      batches.emplace(name, guarded(named(PluginKind::dataset, stage_.flows.at(name).dataset.id),
                                    "reading samples of flow " + name, [&] { return stream.next(); }));
  return batches;
}

std::map<std::string, Batch> MicroBatches::next(int64_t iteration, const c10::Device& device) {
  auto batches = drawing_.valid() ? drawing_.get() : draw(iteration);
  for (const auto& [name, stream] : streams_) positions_[name] = stream.position();
  if (ahead_) drawing_ = std::async(std::launch::async, [this, iteration] { return draw(iteration + 1); });
  for (auto& [name, batch] : batches) {
    if (batch.images.defined()) batch.images = batch.images.to(device);
    if (batch.source_images.defined()) batch.source_images = batch.source_images.to(device);
  }
  return batches;
}

void MicroBatches::seek(const StreamPositions& positions) {
  if (drawing_.valid()) drawing_.get();
  for (auto& [name, stream] : streams_) stream.seek(positions.at(name));
  positions_ = positions;
}

int64_t turns(const TrainConfig& config) {
  return std::max<int64_t>(1, static_cast<int64_t>(config.flow_cycle.size()));
}

int64_t images_in(const std::map<std::string, Batch>& batches) {
  int64_t count = 0;
  for (const auto& [name, batch] : batches)
    if (batch.images.defined()) count += batch.size();
  return count;
}

}  // namespace umm
