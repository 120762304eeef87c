// Scores per picture of stored evaluations, in the order that statistics.h works on.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "results/statistics.h"
#include "results/store.h"

namespace umm::results {

constexpr uint64_t kStatisticsSeed = 20250908;  // fixed: the same database prints the same table

// The prompts that evaluations of one table share.
struct Prompts {
  std::vector<std::string> tags;
  std::map<std::string, size_t> index;  // item_id -> place in grid order
  std::vector<int64_t> tag_of_prompt;
};

// In the order in which they were asked, which is one for all evaluations of a protocol.
Prompts read_prompts(const Store& store, const std::string& evaluation);

// [prompts][pictures]. StoreError where the evaluation answers other prompts.
std::vector<std::vector<double>> read_pictures(const Store& store, const Prompts& prompts,
                                               const std::string& evaluation);

// How a stored aggregate follows from pictures: as the mean over tags, over one tag's prompts or over all
// prompts, the same for all rows of a column (where every picture is right each of them fits). nullopt: it is
// not that mean of `stored`, one value for each run of the row.
std::vector<std::optional<ScoreGrid>> grids_of_metric(const std::vector<std::optional<ScoreGrid>>& rows,
                                                      const std::vector<std::string>& tags,
                                                      const std::string& metric,
                                                      const std::vector<std::vector<double>>& stored);

// The same for one row.
std::optional<ScoreGrid> grid_of_metric(const ScoreGrid& grid, const std::vector<std::string>& tags,
                                        const std::string& metric, const std::vector<double>& stored);

}  // namespace umm::results
