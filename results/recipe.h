// A table as its author asks for it. host/tables reads it from a recipe (docs/tables.md); `place` is where a
// part stands there, "t06_order.toml:12:3", for messages.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace umm::results {

// What cells show. both: what was measured and, in brackets and marked, what was reported.
enum class ValueSource { kMeasured, kReported, kBoth };
enum class Emphasis { kNone, kBold, kUnderline };
enum class IntervalStyle { kNone, kPlusMinus, kBrackets };
enum class Better { kHigher, kLower };

struct RecipeColumn {
  std::string place = {};
  std::string name;             // header
  std::string group = {};       // header above it, shared by neighbours
  std::string benchmark = {};   // evaluation.benchmark
  std::string metric = {};      // score.name
  std::string protocol = {};    // first digits of the protocol's hash; "": there must be one only
  std::string cost = {};        // instead of benchmark and metric: one of cost_names()
  std::string reported = {};    // among reported values: "geneval.overall"; "": none
  bool reported_named = false;  // by the recipe itself, so it must be there
  double reported_scale = 0;    // 0: as `scale`, a hundredth of it where the file's unit is percent
  int digits = 2;               // behind the point
  double scale = 1;             // values are multiplied by it
  Better better = Better::kHigher;
  Emphasis best = Emphasis::kNone, second_best = Emphasis::kNone;
  IntervalStyle interval = IntervalStyle::kNone;
  bool significance = true;  // tested where the row has a baseline
};

// Where a row's reported values stand; an empty part fits everything.
struct ReportedKey {
  std::string paper = {}, version = {}, place = {}, row = {};
};

struct RecipeRow {
  std::string place = {};
  std::string name;                        // shown
  std::string sweep = {};                  // "": none, nothing is measured
  std::string label = {};                  // of the sweep's runs
  std::string weights = {};                // "last", "ema", "base"; "": there must be one kind only
  std::vector<std::string> sampling = {};  // lines that its sampling has: "steps = 50"
  std::string baseline = {};               // name of another row; "": none
  ReportedKey reported = {};               // row "": nothing is reported
  bool line_above = false;
};

struct Recipe {
  std::string place = {};
  std::string title = {};  // "": none
  std::string label = {};  // LaTeX's \label
  ValueSource source = ValueSource::kMeasured;
  double alpha = 0.05;  // of the significance mark
  std::vector<RecipeRow> rows = {};
  std::vector<RecipeColumn> columns = {};
};

const std::vector<std::string>& cost_names();

}  // namespace umm::results
