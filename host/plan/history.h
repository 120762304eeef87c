// What earlier stages and evaluations took, out of results databases: the best guess at what the same work
// will take. Work is the same where nothing differs but what leaves the arithmetic alone: rates, seeds,
// contents of files, the length of a stage, the build of a plugin.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "results/store.h"
#include "spec/experiment.h"

namespace umm {

// Of one earlier stage or evaluation.
struct Pace {
  std::string device;  // "cpu: AMD EPYC 9354 x2 threads", "NVIDIA H200"
  double seconds = 0;  // device-seconds for one update, or for one picture with its scoring
};

using Paces = std::vector<Pace>;

class History {
 public:
  void add(const results::Store& store);

  const Paces& of(const StageConfig& stage) const;
  const Paces& of(const RunConfig& run, const EvaluationConfig& evaluation) const;

 private:
  std::map<std::string, Paces> updates_, pictures_;  // by shape
};

// Seconds on such devices as the run asks for, sorted. `here`: the name of the device that the run would get
// on this machine; "": none. Its own samples count alone where there are any.
std::vector<double> seconds_on_devices(const Paces& samples, const ResourceConfig& resources,
                                       const std::string& here);

}  // namespace umm
