// One cell of a sweep's table: the scores of a row's runs, and how sure their mean is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "results/statistics.h"
#include "results/store.h"

namespace umm::results {

// Empty parts fit everything.
struct CellQuestion {
  std::string sweep, row;  // `row` as the table prints it, or the sweep's label
  std::string metric;      // "overall", "counting"
  std::string benchmark = {}, protocol = {}, weights = {};  // `protocol`: first digits of its hash
  std::vector<std::string> sampling = {};                   // lines that its sampling has: "steps = 50"
};

struct CellRun {
  std::string run_identity, evaluation_identity;
  int64_t seed = 0;
  double value = 0;
  double train_device_hours = 0;  // all stages of its chain
  double eval_device_hours = 0;   // this evaluation
};

struct Cell {
  std::string label, benchmark, protocol_hash, weights, sampling_text;  // `label`: the sweep's
  std::vector<CellRun> runs;                                            // in the sweep's order
  int64_t num_runs = 0;                                                 // that the row has
  int64_t num_prompts = 0;
  double mean = 0;                        // of `runs`
  std::optional<Interval> interval = {};  // 95 %, as tables have it; none: see statistics of `metric`
  std::vector<std::string> devices;       // names, of training and evaluation
};

// Of the row's first `most_runs` runs; 0: of all. StoreError with what there is, where none or several fit.
Cell read_cell(const Store& store, const CellQuestion& question, size_t most_runs = 0);

// The same pictures twice.
struct PictureComparison {
  int64_t pictures = 0;    // of either
  int64_t same_bytes = 0;  // with equal files
  int64_t same_score = 0;
};
PictureComparison compare_pictures(const Store& store_a, const std::string& evaluation_a,
                                   const Store& store_b, const std::string& evaluation_b);

}  // namespace umm::results
