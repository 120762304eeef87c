// The micro-batches of a stage, one map of flows for each micro-iteration. Their whole state is a cursor for
// each flow.
#pragma once

#include <c10/core/Device.h>

#include <map>
#include <memory>
#include <string>

#include "loader/catalogue.h"
#include "spec/experiment.h"
#include "train/data_stream.h"
#include "umm/dataset.h"
#include "umm/method.h"

namespace umm {

using Datasets = std::map<std::string, std::unique_ptr<Dataset>>;  // by flow

Datasets make_datasets(const StageConfig& stage, const Catalogue& catalogue);

class MicroBatches {
 public:
  // InputError where the method needs a flow that the stage gives no data. `datasets` must outlive this.
  MicroBatches(const Method& method, const StageConfig& stage, const Datasets& datasets, const Rng& rng);

  // Those of micro-iteration `iteration`, which differ under a flow_cycle; pictures on `device`.
  std::map<std::string, Batch> next(int64_t iteration, const c10::Device& device);

  std::map<std::string, int64_t> cursors() const;
  void seek(const std::map<std::string, int64_t>& cursors);

 private:
  bool takes_part(const std::string& flow, int64_t iteration) const;

  const StageConfig& stage_;
  std::map<std::string, DataStream> streams_;
};

// Micro-iterations after which the flows come round again.
int64_t turns(const TrainConfig& config);

int64_t images_in(const std::map<std::string, Batch>& batches);

}  // namespace umm
