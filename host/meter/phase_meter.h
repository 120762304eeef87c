// What a phase of a run cost: wall seconds on one device, its name, peak memory, and energy where its driver
// counts that.
#pragma once

#include <c10/core/Device.h>

#include <chrono>
#include <optional>
#include <string>

#include "meter/work.h"
#include "results/store.h"

namespace umm {

// "cpu: AMD EPYC 9354 x2 threads", "NVIDIA H200".
std::string device_name(const c10::Device& device);

// nullopt: unknown. Work without tokens comes from an architecture that does not count them.
void set_work(results::CostRow& cost, const std::optional<Work>& work);

// Now: resident memory of the process, or what its allocator has taken of an accelerator's.
int64_t memory_in_use(const c10::Device& device);

// Starts with its construction; peaks are those since then where the system can forget earlier ones.
class PhaseMeter {
 public:
  PhaseMeter(std::string phase, const c10::Device& device);

  double seconds() const;

  // `images`: how many this phase trained on, generated or scored; `work`: of the model. Waits for the
  // device's queue.
  results::CostRow finish(int64_t images, const Work& work = {}) const;

 private:
  std::string phase_;
  c10::Device device_;
  std::chrono::steady_clock::time_point start_;
  std::optional<double> start_joules_;
};

}  // namespace umm
