// How the runs of a spec differ from those of another spec, or from those that are stored of its sweep: which
// are new, which are the same and reused, which are no more, and which settings of the others have changed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "results/store.h"
#include "spec/experiment.h"

namespace umm {

struct DiffRun {
  std::string name;  // "reca, seed 0"
  std::string identity;
  std::string canonical;                                    // of the run
  std::vector<std::pair<std::string, std::string>> stages;  // name, canonical
};

std::vector<DiffRun> diff_runs(const Experiment& experiment);

// What a database has of a sweep's latest start.
std::vector<DiffRun> diff_runs(const results::Store& store, const std::string& sweep);

// Of a spec that `read` reads in a process of its own, as its plugins may be others than this process has.
// Throws what `read` throws.
std::vector<DiffRun> diff_runs_elsewhere(const std::function<Experiment()>& read);

// One difference of runs that have the same name.
struct Change {
  std::string key;            // "train.lr"; "library of method reca"
  std::string before, after;  // "(absent)" where there is no such setting
  int64_t num_runs = 0;
};

struct Diff {
  std::string other;                              // what it is compared with
  std::vector<std::string> added, gone, changed;  // names of runs
  int64_t num_reused = 0;                         // of equal identity
  std::vector<Change> changes;                    // what most runs have first
};

Diff compare_runs(const std::string& other, const std::vector<DiffRun>& before,
                  const std::vector<DiffRun>& now);

}  // namespace umm
