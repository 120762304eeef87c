// Progress of one phase on stderr: done of total, rate, time left, device-hours so far. A terminal gets one
// line that is drawn again; a file gets a plain line every ten seconds, and the first and the last.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

#include "results/frames.h"

namespace umm {

struct ProgressOutput {
  std::ostream* stream = nullptr;
  bool terminal = false;
  double interval_seconds = 10;
  std::function<void(const results::ProgressFrame&)> record = {};  // for a journal, every other second

  static ProgressOutput standard_error();
};

class Progress {
 public:
  // "reca, seed 0: train reca", 400, "updates"
  // device_seconds_before: what the run had cost when this phase began.
  Progress(std::string label, int64_t total, std::string unit, double device_seconds_before = 0,
           ProgressOutput output = ProgressOutput::standard_error());
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void resume_at(int64_t done);  // before the first update(): the rate counts only what follows
  void update(int64_t done, const std::string& note = "");

  std::string line() const;  // as it is drawn, without control characters

 private:
  double elapsed_seconds() const;
  double rate() const;  // units per second
  void draw();
  void record();

  std::string label_, unit_, note_;
  int64_t total_, first_ = 0, done_ = 0;
  double device_seconds_before_;
  ProgressOutput output_;
  std::chrono::steady_clock::time_point start_, drawn_, recorded_;
  bool drawn_once_ = false;
  int64_t drawn_done_ = -1;
};

}  // namespace umm
