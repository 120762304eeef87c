#include "meter/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace umm {
namespace {

constexpr double kRecordEverySeconds = 2;

std::string duration_text(double seconds) {
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  std::ostringstream text;
  text << std::setfill('0');
  if (whole >= 3600) text << whole / 3600 << ':' << std::setw(2);
  text << whole / 60 % 60 << ':' << std::setw(2) << whole % 60;
  return text.str();
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

ProgressOutput ProgressOutput::standard_error() {
  const bool terminal = isatty(STDERR_FILENO) != 0;
  return {&std::cerr, terminal, terminal ? 0.2 : 10.0};
}

Progress::Progress(std::string label, int64_t total, std::string unit, double device_seconds_before,
                   ProgressOutput output)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      device_seconds_before_(device_seconds_before),
      output_(output),
      start_(std::chrono::steady_clock::now()),
      drawn_(start_),
      recorded_(start_) {}

Progress::~Progress() {
  if (drawn_once_ && drawn_done_ != done_) draw();
  if (drawn_once_ && output_.terminal) *output_.stream << '\n' << std::flush;
}

void Progress::resume_at(int64_t done) {
  first_ = done_ = done;
}

void Progress::update(int64_t done, const std::string& note) {
  done_ = done;
  note_ = note;
  const bool first = !drawn_once_, last = done_ == total_;
  if (first || last || seconds_since(drawn_) >= output_.interval_seconds) draw();
  if (first || last || seconds_since(recorded_) >= kRecordEverySeconds) record();
}

double Progress::rate() const {
  return static_cast<double>(done_ - first_) / std::max(elapsed_seconds(), 1e-9);
}

void Progress::record() {
  recorded_ = std::chrono::steady_clock::now();
  if (output_.record) output_.record({label_, done_, total_, unit_, note_, elapsed_seconds(), rate()});
}

double Progress::elapsed_seconds() const {
  return seconds_since(start_);
}

std::string Progress::line() const {
  const double elapsed = elapsed_seconds();
  const double rate = this->rate();
  const double percent =
      total_ > 0 ? 100.0 * static_cast<double>(done_) / static_cast<double>(total_) : 100.0;
  const std::string left =
      done_ == total_ ? "0:00" : (rate > 0 ? duration_text(static_cast<double>(total_ - done_) / rate) : "?");
  std::ostringstream text;
  text << label_ << ": " << done_ << '/' << total_ << ' ' << unit_ << " (" << std::fixed
       << std::setprecision(0) << percent << " %), " << std::defaultfloat << std::setprecision(3) << rate
       << "/s, " << left << " left, " << std::fixed << std::setprecision(4)
       << (device_seconds_before_ + elapsed) / 3600 << " device-hours";
  if (!note_.empty()) text << ", " << note_;
  return text.str();
}

void Progress::draw() {
  // Return and "erase to the end of the line", so that a shorter line leaves nothing behind.
  if (output_.terminal)
    *output_.stream << '\r' << line() << "\x1b[K" << std::flush;
  else
    *output_.stream << line() << '\n' << std::flush;
  drawn_ = std::chrono::steady_clock::now();
  drawn_once_ = true;
  drawn_done_ = done_;
}

}  // namespace umm
