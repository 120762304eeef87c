// The micro-batches of a stage, one map of flows for each micro-iteration. Their whole state is a position in
// each flow.
#pragma once

#include <c10/core/Device.h>

#include <future>
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
  // `ahead`: threads draw the next ones meanwhile, for a device that leaves the CPU free. InputError where
  // the method needs a flow that the stage gives no data. `datasets` must outlive this.
  MicroBatches(const Method& method, const StageConfig& stage, const Datasets& datasets, const Rng& rng,
               bool ahead = false);

  // Those of micro-iteration `iteration`, which differ under a flow_cycle; pictures on `device`. Each call
  // goes on where the one before it ended.
  std::map<std::string, Batch> next(int64_t iteration, const c10::Device& device);

  // What next() has handed out; drawing ahead does not count.
  const StreamPositions& positions() const { return positions_; }
  void seek(const StreamPositions& positions);

 private:
  bool takes_part(const std::string& flow, int64_t iteration) const;
  std::map<std::string, Batch> draw(int64_t iteration);

  const StageConfig& stage_;
  bool ahead_;
  std::map<std::string, DataStream> streams_;
  StreamPositions positions_;
  std::future<std::map<std::string, Batch>> drawing_;  // goes first: its thread uses all of the above
};

// Micro-iterations after which the flows come round again.
int64_t turns(const TrainConfig& config);

int64_t images_in(const std::map<std::string, Batch>& batches);

}  // namespace umm
