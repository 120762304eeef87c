// What stages and evaluations will cost, in device-hours, from the best source there is:
//   history   earlier stages and evaluations of the same shape (history.h)
//   rate      FLOPs of a rehearsal (estimate.h) at a rate that the user names
//   products  the same at the rate of bare matrix products on this machine: a lower bound
// A named rate is for a device that is not here, so it goes before history.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "estimate/estimate.h"
#include "loader/catalogue.h"
#include "plan/history.h"

namespace umm {

enum class CostSource { history, rate, products, unknown };

struct Cost {
  CostSource source = CostSource::unknown;
  double hours = 0;          // device-hours, expected
  double low = 0, high = 0;  // one in ten is below, one in ten above; of few samples the extremes
  int64_t num_samples = 0;   // of history
};

Cost cost_of_samples(const std::vector<double>& sorted_seconds, int64_t units);

// A rehearsal, or why there is none.
template <typename Estimate>
struct Rehearsed {
  std::optional<Estimate> value;
  std::string problem;
};

template <typename Estimate>
struct Estimated {
  std::shared_ptr<const Rehearsed<Estimate>> rehearsed;
  Cost cost;
};

class Costs {
 public:
  // `tflops`: the named rate; 0: none.
  Costs(const Catalogue& catalogue, const History& history, double tflops)
      : catalogue_(catalogue), history_(history), tflops_(tflops) {}

  // InputError that says what training or generating would stop at.
  Estimated<StageEstimate> of(const RunConfig& run, const StageConfig& stage);
  Estimated<GenerationEstimate> of(const RunConfig& run, const EvaluationConfig& evaluation);

  int64_t num_prompts(const EvaluationConfig& evaluation);

 private:
  // A sweep over learning rates and seeds is rehearsed once.
  template <typename Estimate>
  struct Shape {
    std::shared_ptr<const Rehearsed<Estimate>> rehearsed;
    const Paces* samples = nullptr;
  };
  template <typename Estimate>
  using Shapes = std::map<std::string, Shape<Estimate>>;

  const std::vector<EvaluationItem>& items_of(const EvaluationConfig& evaluation);
  Cost cost(const Paces& samples, int64_t units, const ResourceConfig& resources);
  Cost cost_of_flops(double flops, const ResourceConfig& resources, const std::string& precision);
  double rate(const ResourceConfig& resources, const std::string& precision);
  std::string device_here(const ResourceConfig& resources);

  const Catalogue& catalogue_;
  const History& history_;
  double tflops_;
  Shapes<StageEstimate> stages_;
  Shapes<GenerationEstimate> generations_;
  std::map<std::string, std::vector<EvaluationItem>> items_;        // by protocol
  std::map<std::pair<std::string, int64_t>, std::string> devices_;  // name by what is asked for and threads
  std::map<std::pair<std::string, std::string>, double> rates_;     // FLOP/s by that name and precision
};

}  // namespace umm
