// Computes every stored score again from stored evidence: no model, no picture, no detector; and the hash of
// each protocol from its text, where no file's content is part of it. A difference means that rules changed
// without a new version, or that the database was edited.
#pragma once

#include <string>
#include <vector>

#include "loader/catalogue.h"
#include "results/store.h"

namespace umm {

struct ScoreDifference {
  std::string evaluation;  // identity
  std::string what;        // "prompt 00017, picture 2", "aggregate 3" or "protocol"
  std::string stored, recomputed;
};

// An evaluation that cannot be scored again; the others are.
struct RescoreFailure {
  std::string evaluation;  // identity
  std::string benchmark, reason;
};

struct RescoreReport {
  int64_t evaluations = 0;  // that were scored again
  int64_t images = 0;
  std::vector<ScoreDifference> differences;
  std::vector<RescoreFailure> failures;
};

RescoreReport rescore(const results::Store& store, const Catalogue& catalogue);

}  // namespace umm
