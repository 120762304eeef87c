#include "launch/sweep_records.h"

#include <chrono>
#include <thread>

#include "launch/attempt.h"
#include "umm/log.h"

namespace umm {
namespace {

constexpr int kPatience = 100;  // times
constexpr std::chrono::milliseconds kBetween{100};

}  // namespace

// "" or why it was not possible. The lock is held for the moment alone, so that pools beside each other and
// `ummbench status` take turns.
std::string SweepRecords::try_take_in() {
  try {
    results::Ingester ingester(output_, attempt_is_alive, sweeps_);
    for (const auto& problem : ingester.take_in().problems)
      if (told_.insert(problem).second) log_warning(problem);
    sweeps_ = ingester.sweeps();
    return "";
  } catch (const results::StoreError& error) {
    return error.what();
  }
}

bool SweepRecords::take_in() {
  return try_take_in().empty();
}

bool SweepRecords::take_in_for_good() {
  std::string problem = try_take_in();
  for (int time = 0; time < kPatience && !problem.empty(); ++time) {
    std::this_thread::sleep_for(kBetween);
    problem = try_take_in();
  }
  if (problem.empty()) return true;
  log_warning(problem +
              "\nNothing is lost: all results lie in journals, and `ummbench status` takes them in later.");
  return false;
}

}  // namespace umm
