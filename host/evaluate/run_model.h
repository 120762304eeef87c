// The model of one run, made when it is first needed: a run whose results are all there loads nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <c10/core/Device.h>

#include "loader/catalogue.h"
#include "results/store.h"
#include "spec/experiment.h"
#include "train/checkpoint_folder.h"

namespace umm {

class RunModel {
 public:
  RunModel(const RunConfig& run, const Catalogue& catalogue) : run_(run), catalogue_(catalogue) {}

  // The model in fp32 on the run's device with these weights; nullptr: fresh ones from the run's seed. What
  // an evaluation sees is always read back from disk.
  Architecture& with_weights(const Checkpoint* checkpoint);

  void forget_weights() { loaded_.reset(); }  // training has changed them

  // Costs of loading since the last call.
  std::vector<results::CostRow> take_costs();

 private:
  const RunConfig& run_;
  const Catalogue& catalogue_;
  std::unique_ptr<Architecture> model_;
  std::optional<std::string> loaded_;  // folder whose weights the model has
  std::vector<results::CostRow> costs_;
};

}  // namespace umm
