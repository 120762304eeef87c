#include "patience.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace umm::openai {

double backoff_seconds(const Patience& patience, int64_t tried) {
  // No draw of the run's Rng: it decides when something is asked, never what.
  thread_local std::minstd_rand draw(std::random_device{}());
  const double longest =
      std::min(patience.cap_seconds, patience.base_seconds * std::exp2(static_cast<double>(tried - 1)));
  return std::uniform_real_distribution<double>(0, longest)(draw);
}

}  // namespace umm::openai
