// The parts of a report that are plain HTML.
#pragma once

#include <string>
#include <vector>

#include "results/report/sweep_facts.h"
#include "results/table.h"

namespace umm::results {

struct ScoreFacts {
  std::vector<Table> tables;
  std::vector<std::string> comparisons;  // of each table, how they were made
  std::string recipes_html = {};         // tables that the spec names
  std::vector<std::string> problems;     // why a protocol has no table
  std::vector<std::string> partial;      // evaluations that are no score of the benchmark
};

std::string summary_section(const SweepFacts& facts, const ScoreFacts& scores);
std::string tables_section(const SweepFacts& facts, const ScoreFacts& scores);
std::string failures_section(const SweepFacts& facts);
std::string costs_section(const SweepFacts& facts);
// `start`: HTML of start.h.
std::string provenance_section(const SweepFacts& facts, const std::string& program_version,
                               const std::string& start);

}  // namespace umm::results
