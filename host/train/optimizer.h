// AdamW (Loshchilov & Hutter 2019, decoupled decay, as torch.optim.AdamW) over the trained parameters only,
// with gradient clipping by global norm, fp32 masters where the model is not fp32, and an optional EMA.
// A frozen parameter is unknown here: no state, no master.
#pragma once

#include <vector>

#include "spec/experiment.h"
#include "umm/architecture.h"

namespace umm {

// Rate of update `update` (0-based): linear warm-up, then `schedule` from its end to horizon_updates.
double learning_rate_at(const TrainConfig& config, int64_t update);

class Optimizer {
 public:
  Optimizer(std::vector<Parameter> trained, const TrainConfig& config);

  // One update from the gradients that backward() left in the model, which are dropped afterwards. A
  // parameter without a gradient is skipped, state and decay included. Returns the gradient norm before
  // clipping; nothing is changed where it is not finite.
  double step(double learning_rate);

  // Everything that resume needs, the weights themselves included (fp32: masters where they are kept).
  std::vector<NamedTensor> state() const;
  void restore(const std::vector<NamedTensor>& state);
  int64_t state_bytes() const;  // of moments, steps, masters and EMA
  int64_t step_bytes() const;   // that step() holds at most, gradients included, beside weights and state

  std::vector<Parameter> weights() const;  // fp32
  std::vector<Parameter> ema() const;      // fp32; empty where no EMA is kept

 private:
  std::vector<NamedTensor> owned_state() const;
  std::vector<Parameter> with_values(const std::vector<Tensor>& values) const;
  void copy_masters_to_model();
  bool is_decayed(const Parameter& parameter) const;

  std::vector<Parameter> trained_;
  TrainConfig config_;
  std::vector<Tensor> weights_;  // the model's own tensor where it is fp32, else a master
  std::vector<Tensor> exp_avg_, exp_avg_sq_, steps_, ema_;
};

}  // namespace umm
