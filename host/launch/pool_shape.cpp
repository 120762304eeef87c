#include "launch/pool_shape.h"

#include <algorithm>

#include "cuda/cuda_driver.h"

namespace umm {

bool takes_any_gpu(const RunConfig& run) {
  return run.resources.device == "auto" || run.resources.device == "cuda";
}

PoolShape pool_shape(const Experiment& experiment) {
  const int num_gpus = cuda_driver_device_count();
  const bool on_gpu = num_gpus > 0 && std::any_of(experiment.runs.begin(), experiment.runs.end(),
                                                  [](const RunConfig& run) { return takes_any_gpu(run); });
  int64_t count = experiment.launch.parallel;
  if (count == 0) count = on_gpu ? num_gpus : 1;
  PoolShape shape;
  for (int64_t slot = 0; slot < count; ++slot)
    shape.gpus.push_back(on_gpu ? static_cast<int>(slot % num_gpus) : -1);
  return shape;
}

}  // namespace umm
