// Which stored scores a cell of a recipe stands for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "results/evaluated_rows.h"
#include "results/protocol_difference.h"
#include "results/recipe_table.h"

namespace umm::results {

struct CellScores {
  std::string protocol_hash;
  EvaluatedRow row;
  std::vector<double> values;  // of the metric, one for each of the row's runs
};

class ScoreFinder {
 public:
  explicit ScoreFinder(const Store& store) : store_(store) {}

  // nullopt: nothing is stored, and `cell` says why. Fills the cell's numbers of seeds and `notes`.
  std::optional<CellScores> find(const RecipeRow& row, const RecipeColumn& column, RecipeCell& cell,
                                 std::vector<std::string>& notes);

  // One value for each complete run of the row.
  std::vector<double> costs(const RecipeRow& row, const RecipeColumn& column, RecipeCell& cell);

  StoredProtocol protocol(const CellScores& scores) const;

  // "images_per_prompt is 2 in reca, seed 0 (run ...) and 12 in base, seed 0 (run ...)"
  std::string difference(const CellScores& a, const CellScores& b) const;

 private:
  // "reca, seed 0 (run 0123456789ab)"
  static std::string run_name(const EvaluatedRow& row, const EvaluatedRun& run);

  std::vector<SettingDifference> protocol_difference(const std::string& a, const std::string& b) const;

  struct Run {
    int64_t seed = 0;
    std::string identity;
    bool complete = false;
    std::string why_not;  // it is not complete: "failed: loss is not finite"
  };

  const std::vector<ProtocolGroup>& groups(const std::string& sweep);
  std::string why_absent(const RecipeRow& row) const;  // "": the database has the row's sweep
  std::vector<Run> runs(const RecipeRow& row) const;   // StoreError where the sweep has no such label
  void count_seeds(const RecipeRow& row, const RecipeColumn& column, const CellScores& scores,
                   RecipeCell& cell, std::vector<std::string>& notes) const;
  std::vector<double> values(const RecipeColumn& column, const EvaluatedRow& row) const;

  const Store& store_;
  std::map<std::string, std::vector<ProtocolGroup>> groups_;
};

}  // namespace umm::results
