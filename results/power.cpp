#include "results/power.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "results/database.h"
#include "results/evaluated_rows.h"
#include "results/score_grids.h"

namespace umm::results {
namespace {

constexpr double kNormal975 = 1.959963984540054, kNormal80 = 0.8416212335729143;
constexpr double kFalseAlarms = 0.05;

// Pairs grow with the square: these are enough to know a variance by.
constexpr int64_t kMostEvaluations = 24;

struct Moments {
  double sum = 0, squares = 0, count = 0;

  void add(double value) {
    sum += value;
    squares += value * value;
    ++count;
  }
  double variance() const { return count < 2 ? 0 : std::max(squares - sum * sum / count, 0.0) / (count - 1); }
};

struct PromptScore {
  std::string tag;
  double mean = 0;  // over pictures
};

struct StoredScores {
  int64_t sweep = 0;
  std::string row;                // label, weights and sampling
  std::optional<double> overall;  // as the evaluator gave it
  std::map<std::string, PromptScore> prompts;
};

std::map<std::string, PromptScore> prompts_of(const Store& store, int64_t evaluation) {
  Statement statement(store.handle(),
                      "SELECT item.item_id, item.tag, avg(evidence.score) FROM item "
                      "JOIN evidence ON evidence.item_row_id = item.id "
                      "WHERE item.evaluation_id = ? GROUP BY item.id");
  statement.bind(evaluation);
  std::map<std::string, PromptScore> prompts;
  while (statement.step()) prompts[statement.text(0)] = {statement.text(1), statement.real(2)};
  return prompts;
}

std::vector<StoredScores> latest_scores(const Store& store, const std::string& benchmark,
                                        const std::string& protocol_hash) {
  Statement statement(
      store.handle(),
      fmt::format("SELECT evaluation.id, sweep_run.sweep_id, sweep_run.label || char(10) || "
                  "evaluation.weights || char(10) || evaluation.sampling_text, "
                  "(SELECT value FROM score WHERE evaluation_id = evaluation.id AND name = 'overall') "
                  "FROM evaluation JOIN run_evaluation ON run_evaluation.evaluation_id = evaluation.id "
                  "JOIN sweep_run ON sweep_run.run_id = run_evaluation.run_id "
                  "WHERE evaluation.benchmark = ? AND evaluation.protocol_hash = ? AND NOT {} "
                  "GROUP BY evaluation.id ORDER BY evaluation.created_utc DESC, evaluation.identity LIMIT ?",
                  is_partial(store)));
  statement.bind(benchmark, protocol_hash, kMostEvaluations);
  std::vector<StoredScores> scores;
  while (statement.step()) {
    StoredScores& one = scores.emplace_back();
    one.sweep = statement.integer(1);
    one.row = statement.text(2);
    if (!statement.is_null(3)) one.overall = statement.real(3);
    one.prompts = prompts_of(store, statement.integer(0));
  }
  return scores;
}

// One run; of a prompt's pictures the mean.
ScoreGrid grid_of(const StoredScores& scores) {
  ScoreGrid grid;
  grid.values.resize(1);
  std::map<std::string, int64_t> tags;
  for (const auto& [item, score] : scores.prompts) {
    grid.tag_of_prompt.push_back(tags.emplace(score.tag, static_cast<int64_t>(tags.size())).first->second);
    grid.values[0].push_back({score.mean});
  }
  grid.num_tags = static_cast<int64_t>(tags.size());
  return grid;
}

// Those whose overall is the mean that it is for most of them. Where that is one over prompts, tags are none.
std::vector<StoredScores> with_one_mean(std::vector<StoredScores> scores) {
  std::vector<std::optional<ScoreGrid>> rows;
  std::vector<std::vector<double>> stored;
  for (const auto& one : scores) {
    rows.emplace_back(grid_of(one));
    stored.push_back({one.overall.value_or(overall(*rows.back()))});
  }
  const auto grids = grids_of_metric(rows, {}, "overall", stored);
  std::vector<StoredScores> kept;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (!grids[i]) continue;
    if (grids[i]->num_tags == 1)
      for (auto& [item, score] : scores[i].prompts) score.tag.clear();
    kept.push_back(std::move(scores[i]));
  }
  return kept;
}

// nullopt: they do not answer the same prompts.
std::optional<double> variance_of(const StoredScores& a, const StoredScores& b) {
  std::vector<std::string> tags;
  std::vector<double> differences;
  if (a.prompts.size() != b.prompts.size()) return std::nullopt;
  for (const auto& [item, score] : a.prompts) {
    const auto other = b.prompts.find(item);
    if (other == b.prompts.end()) return std::nullopt;
    tags.push_back(score.tag);
    differences.push_back(score.mean - other->second.mean);
  }
  return variance_of_difference(tags, differences);
}

}  // namespace

double variance_of_difference(const std::vector<std::string>& tags, const std::vector<double>& differences) {
  std::map<std::string, Moments> by_tag;
  Moments all;
  for (size_t i = 0; i < tags.size(); ++i) {
    by_tag[tags[i]].add(differences[i]);
    all.add(differences[i]);
  }
  double sum = 0;
  for (const auto& [tag, moments] : by_tag)
    sum += (moments.count < 2 ? all : moments).variance() / moments.count;
  const auto num_tags = static_cast<double>(by_tag.size());
  return by_tag.empty() ? 0 : sum / (num_tags * num_tags);
}

double detection_power(double difference, double variance) {
  if (variance <= 0) return difference == 0 ? kFalseAlarms : 1;
  const double shift = std::abs(difference) / std::sqrt(variance);
  const auto above = [](double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); };
  return above(kNormal975 - shift) + above(kNormal975 + shift);
}

std::optional<double> variance_with_repeats(const PairVariances& variances, int64_t num_repeats) {
  const auto mean = [](double sum, int64_t count) {
    return count == 0 ? 0.0 : sum / static_cast<double>(count);
  };
  if (variances.num_row_pairs + variances.num_repeat_pairs == 0) return std::nullopt;
  const double repeats = mean(variances.repeat_sum, variances.num_repeat_pairs);
  const double rows = std::max(mean(variances.row_sum, variances.num_row_pairs), repeats);
  return rows - repeats + repeats / static_cast<double>(num_repeats);
}

std::optional<double> detectable_difference(const PairVariances& variances, int64_t num_repeats) {
  const auto variance = variance_with_repeats(variances, num_repeats);
  if (!variance) return std::nullopt;
  return (kNormal975 + kNormal80) * std::sqrt(*variance);
}

void add_stored_pairs(const Store& store, const std::string& benchmark, const std::string& protocol_hash,
                      PairVariances& variances) {
  const auto scores = with_one_mean(latest_scores(store, benchmark, protocol_hash));
  for (size_t i = 0; i < scores.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (scores[i].sweep != scores[j].sweep) continue;
      const auto variance = variance_of(scores[i], scores[j]);
      if (!variance) continue;
      const bool repeat = scores[i].row == scores[j].row;
      (repeat ? variances.repeat_sum : variances.row_sum) += *variance;
      ++(repeat ? variances.num_repeat_pairs : variances.num_row_pairs);
    }
  }
}

}  // namespace umm::results
