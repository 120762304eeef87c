#include "plan/cost.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <numeric>

#include "estimate/matmul_rate.h"
#include "estimate/shape.h"
#include "evaluate/benchmark.h"
#include "evaluate/generate.h"
#include "meter/phase_meter.h"
#include "train/device.h"
#include "umm/error.h"

namespace umm {
namespace {

template <typename Estimate, typename Rehearse>
std::shared_ptr<const Rehearsed<Estimate>> rehearsed(const std::string& what, const Rehearse& rehearse) {
  auto result = std::make_shared<Rehearsed<Estimate>>();
  try {
    result->value = rehearse();
  } catch (const ChildFailed& failure) {
    result->problem = failure.what();
  } catch (const Error& error) {
    throw InputError(detail::concat(what, " would fail: ", error.what()));
  }
  return result;
}

// The threads of a run, until it goes out of scope.
class RunThreads {
 public:
  explicit RunThreads(const ResourceConfig& resources) : before_(at::get_num_threads()) {
    if (resources.threads > 0) at::set_num_threads(static_cast<int>(resources.threads));
  }
  ~RunThreads() { at::set_num_threads(before_); }
  RunThreads(const RunThreads&) = delete;
  RunThreads& operator=(const RunThreads&) = delete;

 private:
  int before_;
};

}  // namespace

Cost cost_of_samples(const std::vector<double>& sorted_seconds, int64_t units) {
  const double last = static_cast<double>(sorted_seconds.size() - 1);
  const double sum = std::accumulate(sorted_seconds.begin(), sorted_seconds.end(), 0.0);
  const double hours = static_cast<double>(units) / 3600;
  return {.source = CostSource::history,
          .hours = sum / (last + 1) * hours,
          .low = sorted_seconds[static_cast<size_t>(std::floor(0.1 * last))] * hours,
          .high = sorted_seconds[static_cast<size_t>(std::ceil(0.9 * last))] * hours,
          .num_samples = static_cast<int64_t>(sorted_seconds.size())};
}

// "" where this machine has none that the run may use.
std::string Costs::device_here(const ResourceConfig& resources) {
  const auto [found, added] = devices_.try_emplace({resources.device, resources.threads});
  if (added) {
    try {
      const RunThreads threads(resources);
      found->second = device_name(choose_device(resources.device));
    } catch (const InputError&) {
      found->second.clear();
    }
  }
  return resources.allows(found->second) ? found->second : "";
}

// FLOP/s; 0 where the device is not here.
double Costs::rate(const ResourceConfig& resources, const std::string& precision) {
  const std::string device = device_here(resources);
  if (device.empty()) return 0;
  const auto [found, added] = rates_.try_emplace({device, precision});
  if (added) {
    const RunThreads threads(resources);
    found->second = matmul_flops_per_second(choose_device(resources.device), precision_dtype(precision));
  }
  return found->second;
}

Cost Costs::cost_of_flops(double flops, const ResourceConfig& resources, const std::string& precision) {
  const double flops_per_second = tflops_ > 0 ? tflops_ * 1e12 : rate(resources, precision);
  if (flops_per_second == 0) return {};
  const double hours = flops / flops_per_second / 3600;
  return {.source = tflops_ > 0 ? CostSource::rate : CostSource::products,
          .hours = hours,
          .low = hours,
          .high = hours};
}

// Out of history; unknown where there is none.
Cost Costs::cost(const Paces& samples, int64_t units, const ResourceConfig& resources) {
  if (tflops_ > 0 || samples.empty()) return {};
  const auto seconds = seconds_on_devices(samples, resources, device_here(resources));
  return seconds.empty() ? Cost() : cost_of_samples(seconds, units);
}

Estimated<StageEstimate> Costs::of(const RunConfig& run, const StageConfig& stage) {
  auto [found, added] = stages_.try_emplace(cost_shape(stage));
  auto& shape = found->second;
  if (added) {
    shape.samples = &history_.of(stage);
    shape.rehearsed =
        rehearsed<StageEstimate>(detail::concat("stage ", stage.name, " of run \"", run.name, "\""),
                                 [&] { return estimate_stage(run, stage, catalogue_); });
  }
  Estimated<StageEstimate> result{shape.rehearsed, cost(*shape.samples, stage.train.updates, run.resources)};
  if (result.cost.source == CostSource::unknown && shape.rehearsed->value)
    result.cost = cost_of_flops(shape.rehearsed->value->flops, run.resources, stage.train.precision);
  return result;
}

const std::vector<EvaluationItem>& Costs::items_of(const EvaluationConfig& evaluation) {
  const auto [found, added] = items_.try_emplace(evaluation.protocol_hash);
  if (added) {
    found->second = make_benchmark_without_providers(evaluation, catalogue_).items;
    expect_evaluable(evaluation.name, found->second);
  }
  return found->second;
}

int64_t Costs::num_prompts(const EvaluationConfig& evaluation) {
  return static_cast<int64_t>(items_of(evaluation).size());
}

Estimated<GenerationEstimate> Costs::of(const RunConfig& run, const EvaluationConfig& evaluation) {
  auto [found, added] = generations_.try_emplace(cost_shape(run, evaluation));
  auto& shape = found->second;
  if (added) {
    const auto& items = items_of(evaluation);
    shape.samples = &history_.of(run, evaluation);
    shape.rehearsed = rehearsed<GenerationEstimate>(
        detail::concat("evaluation ", evaluation.name, " of run \"", run.name, "\""),
        [&] { return estimate_generation(run, evaluation, items, catalogue_); });
  }
  const int64_t num_pictures = num_prompts(evaluation) * evaluation.images_per_prompt;
  Estimated<GenerationEstimate> result{shape.rehearsed, cost(*shape.samples, num_pictures, run.resources)};
  if (result.cost.source == CostSource::unknown && shape.rehearsed->value)
    result.cost = cost_of_flops(shape.rehearsed->value->flops, run.resources, "fp32");
  return result;
}

}  // namespace umm
