// The table of a sweep: one row per label with its seeds averaged, means of tags, overall with its interval,
// and what the row cost; below it, which rows differ. Rows of different protocols never share a table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/statistics.h"
#include "results/store.h"

namespace umm::results {

struct ProtocolGroup;

struct TableRow {
  std::string label;
  std::string sweep_label;  // the sweep's alone
  bool reference = false;
  int64_t num_seeds = 0;
  std::vector<double> tags;  // as Table::tags
  double overall = 0;
  std::optional<Interval> interval = {};  // 95 %, of overall; nothing where no mean over pictures gives it
  // Means over the row's runs:
  double images_seen = 0;
  double updates = 0;              // optimizer updates
  double train_device_hours = 0;   // all stages of the chain
  double eval_device_hours = 0;    // this protocol's evaluations
  double wasted_device_hours = 0;  // failed and interrupted attempts, not part of the others
};

// Is row `a` better than row `b`?
struct Comparison {
  std::string a, b;
  double difference = 0;   // overall of a - overall of b
  Interval interval;       // 95 %, of the difference
  double p = 1;            // sign-flip test over prompts
  double corrected_p = 1;  // Holm, over the table's comparisons
};

struct Table {
  std::string sweep, benchmark, protocol_hash;
  int64_t num_prompts = 0;
  std::vector<std::string> tags;        // in the order of the prompts
  std::vector<TableRow> rows;           // in the sweep's order
  std::vector<Comparison> comparisons;  // each row with each earlier one; two references where all are
  std::vector<std::pair<std::string, std::string>> samplings;  // labels that share it, sampling text
  std::vector<std::string> notes;                              // whatever a reader must know
};

// StoreError: evaluations of the group have different prompts.
Table build_table(const Store& store, const std::string& sweep, const ProtocolGroup& group);

// One table per protocol. StoreError: no such sweep, or evaluations of one protocol with different prompts.
std::vector<Table> build_tables(const Store& store, const std::string& sweep);

// What the sweep's tables lack, and why: "not in the table: reca, seed 2: failed: loss is not finite", "not
// all evaluated: base, seed 0: partly evaluated; so far there is geneval", "not in the table: theirs, seed 0:
// geneval is partial, 2 of 12 pictures have no score".
std::vector<std::string> unfinished_runs(const Store& store, const std::string& sweep);

enum class TableFormat { kText, kMarkdown, kCsv };

// Text and Markdown carry comparisons, protocol and notes below the rows; CSV has the rows only, unrounded.
std::string render(const Table& table, TableFormat format);

}  // namespace umm::results
