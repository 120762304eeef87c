// The database of an output folder while processes write journals there.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "results/ingest.h"

namespace umm {

class SweepRecords {
 public:
  explicit SweepRecords(std::filesystem::path output) : output_(std::move(output)) {}

  // Takes in what is new. What cannot be read is said once. False: another process is at it, or the database
  // cannot be written.
  bool take_in();

  // Waits for the other process. False: the database stays out of reach; says how to bring it up to date.
  bool take_in_for_good();

 private:
  std::string try_take_in();

  std::filesystem::path output_;
  std::set<std::string> told_;
  results::SweepTexts sweeps_;
};

}  // namespace umm
