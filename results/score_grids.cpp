#include "results/score_grids.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace umm::results {
namespace {

constexpr double kRounding = 1e-9;  // of stored aggregates

bool gives(const ScoreGrid& grid, const std::vector<double>& stored) {
  for (size_t run = 0; run < grid.values.size(); ++run) {
    const ScoreGrid alone{grid.num_tags, grid.tag_of_prompt, {grid.values[run]}};
    if (std::abs(overall(alone) - stored[run]) > kRounding) return false;
  }
  return true;
}

ScoreGrid only_tag(const ScoreGrid& grid, int64_t tag) {
  ScoreGrid part{1, {}, std::vector<std::vector<std::vector<double>>>(grid.values.size())};
  for (size_t prompt = 0; prompt < grid.tag_of_prompt.size(); ++prompt) {
    if (grid.tag_of_prompt[prompt] != tag) continue;
    part.tag_of_prompt.push_back(0);
    for (size_t run = 0; run < grid.values.size(); ++run)
      part.values[run].push_back(grid.values[run][prompt]);
  }
  return part;
}

}  // namespace

Prompts read_prompts(const Store& store, const std::string& evaluation) {
  Prompts prompts;
  for (const ItemRow& item : store.items(evaluation)) {
    auto tag = std::find(prompts.tags.begin(), prompts.tags.end(), item.tag);
    prompts.tag_of_prompt.push_back(tag - prompts.tags.begin());
    if (tag == prompts.tags.end()) prompts.tags.push_back(item.tag);
    prompts.index.emplace(item.item_id, prompts.index.size());
  }
  return prompts;
}

std::vector<std::vector<double>> read_pictures(const Store& store, const Prompts& prompts,
                                               const std::string& evaluation) {
  std::vector<std::vector<double>> pictures(prompts.index.size());
  for (const EvidenceRow& row : store.evidence(evaluation)) {
    auto place = prompts.index.find(row.item_id);
    if (place == prompts.index.end()) {
      throw StoreError(
          fmt::format("evaluation {} has item '{}', which others of its protocol do not have: they "
                      "cannot share a table",
                      evaluation, row.item_id));
    }
    pictures[place->second].push_back(row.score);
  }
  for (const auto& [item, place] : prompts.index) {
    if (pictures[place].empty()) {
      throw StoreError(
          fmt::format("evaluation {} has no picture for item '{}', which others of its protocol have: "
                      "they cannot share a table",
                      evaluation, item));
    }
  }
  return pictures;
}

std::vector<std::optional<ScoreGrid>> grids_of_metric(const std::vector<std::optional<ScoreGrid>>& rows,
                                                      const std::vector<std::string>& tags,
                                                      const std::string& metric,
                                                      const std::vector<std::vector<double>>& stored) {
  const auto tag = std::find(tags.begin(), tags.end(), metric);
  std::vector<std::function<ScoreGrid(const ScoreGrid&)>> forms{
      [](const ScoreGrid& grid) { return grid; },
      [](const ScoreGrid& grid) {
        return ScoreGrid{1, std::vector<int64_t>(grid.tag_of_prompt.size(), 0), grid.values};
      }};
  if (tag != tags.end())
    forms = {[place = tag - tags.begin()](const ScoreGrid& grid) { return only_tag(grid, place); }};
  std::vector<std::optional<ScoreGrid>> best(rows.size());
  std::ptrdiff_t most = 0;
  for (const auto& form : forms) {
    std::vector<std::optional<ScoreGrid>> fitting(rows.size());
    for (size_t row = 0; row < rows.size(); ++row) {
      if (!rows[row]) continue;
      ScoreGrid grid = form(*rows[row]);
      if (gives(grid, stored[row])) fitting[row] = std::move(grid);
    }
    const auto count = std::count_if(fitting.begin(), fitting.end(), [](const auto& grid) { return !!grid; });
    if (count > most) best = std::move(fitting);
    most = std::max(most, count);
  }
  return best;
}

std::optional<ScoreGrid> grid_of_metric(const ScoreGrid& grid, const std::vector<std::string>& tags,
                                        const std::string& metric, const std::vector<double>& stored) {
  return grids_of_metric({grid}, tags, metric, {stored})[0];
}

}  // namespace umm::results
