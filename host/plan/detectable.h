// The smallest difference that a planned sweep would probably show; results/power.h computes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "results/power.h"

namespace umm {

struct Detectable {
  std::string benchmark, protocol_hash;
  int64_t num_repeats = 1;
  results::PairVariances variances;
  std::optional<double> difference;  // of overall; nullopt: nothing stored tells it
};

}  // namespace umm
