#include "launch/spending.h"

#include <algorithm>

#include "results/run_folder.h"

namespace umm {

void Spending::note(const RunConfig& run, const RunHistory& history, bool complete) {
  seconds_[run.identity] = history.device_seconds;
  if (complete) complete_.insert(run.identity);
}

double Spending::device_hours(const std::vector<const RunConfig*>& under_way) const {
  double of_complete = 0, sum = 0;
  for (const auto& run : complete_) of_complete += seconds_.at(run);
  const double mean = complete_.empty() ? 0 : of_complete / static_cast<double>(complete_.size());
  auto seconds = seconds_;
  for (const auto* run : under_way) {
    const double so_far = read_history(results::run_folder(output_, run->identity)).device_seconds;
    seconds[run->identity] = std::max(so_far, mean);
  }
  for (const auto& [run, spent] : seconds) sum += spent;
  return sum / 3600;
}

}  // namespace umm
