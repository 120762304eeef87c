// What the database says about a sweep besides its scores, read once for a page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "results/store.h"

namespace umm::results {

struct RunFacts {
  std::string label, status, error, identity, architecture, method, program_version, canonical_config;
  bool reference = false;
  size_t row = 0;  // its label's place among SweepFacts::labels
  int64_t seed = 0, updates = 0, images_seen = 0;
  double train_hours = 0, eval_hours = 0, wasted_hours = 0;  // device-hours
};

struct LostAttempt {
  std::string stage, status, error, host, started_utc, finished_utc;
  std::string label;  // of the first run that has the stage
  int64_t seed = 0;
  double hours = 0;  // device-hours
};

struct PhaseCost {
  std::string kind, phase, device;
  double hours = 0;  // device-hours
  int64_t images = 0, peak_host_bytes = 0, peak_device_bytes = 0;
  // Nothing: unknown, or from before it was recorded; of judges: none was asked.
  std::optional<double> energy_joules = {}, tokens = {}, model_flops = {};
  std::optional<double> judge_calls = {}, judge_tokens_in = {}, judge_tokens_out = {};
};

struct ProtocolFacts {
  std::string benchmark, hash, text;
  std::vector<std::string> evaluators, detectors, samplings;  // each once
};

struct StageFacts {
  std::string name, method, identity, canonical_config;
};

struct SweepFacts {
  SweepRow sweep;
  std::vector<RunFacts> runs;         // in the sweep's order
  std::vector<std::string> labels;    // rows of the table, each once, in order
  std::vector<StageFacts> stages;     // each once
  std::vector<LostAttempt> lost;      // oldest first
  std::vector<std::string> problems;  // of journals
  std::vector<PhaseCost> costs;
  std::vector<ProtocolFacts> protocols;
};

SweepFacts read_sweep_facts(const Store& store, const std::string& sweep);  // StoreError: no such sweep

// A curve of a run, its stages one behind the other.
struct RunCurve {
  std::string name;
  size_t row = 0;  // as RunFacts::row
  int64_t seed = 0;
  std::string status{};                             // of its last stage's attempt: "complete", "running"
  std::vector<std::pair<double, double>> points{};  // updates, value; not a number where it was none
};

// By name, losses first, and then in the sweep's order.
std::vector<RunCurve> read_curves(const Store& store, const SweepFacts& facts);

}  // namespace umm::results
