// Which evaluations of a sweep may be compared, and which belong to one row: the common start of tables and
// contact sheets.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "results/store.h"

namespace umm::results {

struct EvaluatedRun {
  std::string run_identity, evaluation_identity;
  int64_t seed = 0;
};

// Runs that differ in their seed (replicate axes) only.
struct EvaluatedRow {
  std::string label;        // the sweep's; with weights and sampling where the label alone is not unique
  std::string sweep_label;  // the sweep's alone
  bool reference = false;
  bool partial = false;  // some pictures of its evaluations have no score; the label says so
  std::string weights, sampling_text;
  std::vector<EvaluatedRun> runs;  // in the sweep's order, each with an evaluation of its own
};

struct ProtocolGroup {
  std::string benchmark, protocol_hash;
  std::vector<EvaluatedRow> rows;  // in the sweep's order
};

// SQL about a row of `evaluation`: some of its pictures lack a score. Where none has one there is no
// aggregate either. Before version 3 nothing was partial.
std::string is_partial(const Store& store);

// Hash and text of the protocol of an evaluation.
struct StoredProtocol {
  std::string evaluation, hash, text;
};

// StoreError where equal hashes stand for different texts: somebody has changed one of them. Paths of files
// may differ, for the hash has what is in them.
void check_equal_protocols(const StoredProtocol& a, const StoredProtocol& b);

enum class Partial { kLeftOut, kApart };  // evaluations without a score for some pictures; kApart: as rows

// One group per protocol, in the order of first use. StoreError: no sweep of that name, or evaluations whose
// protocols have one hash and different texts.
std::vector<ProtocolGroup> group_evaluations(const Store& store, const std::string& sweep,
                                             Partial partial = Partial::kLeftOut);

// Whether each of `lines`, as "steps = 50", is one of its sampling.
bool has_sampling(const EvaluatedRow& row, const std::vector<std::string>& lines);

// Evaluations of the sweep without a score for some pictures: "theirs, seed 0: geneval is partial, 2 of 12
// pictures have no score".
std::vector<std::string> partial_evaluations(const Store& store, const std::string& sweep);

}  // namespace umm::results
