// What a sweep has cost so far, for its budget.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "launch/run_history.h"
#include "spec/experiment.h"

namespace umm {

class Spending {
 public:
  explicit Spending(std::filesystem::path output) : output_(std::move(output)) {}

  void note(const RunConfig& run, const RunHistory& history, bool complete);

  // Waste included. Runs under way count at least as much as a complete one took on average.
  double device_hours(const std::vector<const RunConfig*>& under_way) const;

 private:
  std::filesystem::path output_;
  std::map<std::string, double> seconds_;  // by run
  std::set<std::string> complete_;         // runs
};

}  // namespace umm
