#include "evaluate/rescore.h"

#include <algorithm>

#include "evaluate/evaluate.h"
#include "umm/error.h"

namespace umm {
namespace {

using Scores = std::vector<results::ScoreRow>;

std::string score_text(const results::EvidenceRow& row) {
  const std::string score = row.status == "scored" ? to_text(OptionValue(row.score)) : row.status;
  return score + (row.reason.empty() ? "" : " (" + row.reason + ")");
}

// `with_counts`: databases of older programs have none.
std::string text_of(const Scores& scores, size_t index, bool with_counts) {
  if (index >= scores.size()) return "nothing";
  const auto& score = scores[index];
  std::string text = score.name + " = " + to_text(OptionValue(score.value));
  if (with_counts)
    text += detail::concat(" of ", score.num_images.value_or(0), " pictures, ",
                           score.num_unscored.value_or(0), " without a score");
  return text;
}

void compare_aggregates(const std::string& evaluation, const Scores& stored, const Scores& recomputed,
                        RescoreReport& report) {
  for (size_t i = 0; i < std::max(stored.size(), recomputed.size()); ++i) {
    const bool with_counts = i < stored.size() && stored[i].num_images && stored[i].num_unscored;
    const auto before = text_of(stored, i, with_counts);
    const auto after = text_of(recomputed, i, with_counts);
    if (before != after)
      report.differences.push_back({evaluation, "aggregate " + std::to_string(i), before, after});
  }
}

void rescore_one(const results::Store& store, const results::EvaluationRow& evaluation,
                 const Catalogue& catalogue, RescoreReport& report) {
  const auto& identity = evaluation.identity;
  const auto benchmark = benchmark_from_protocol(evaluation.protocol_text, store.items(identity), catalogue);
  const auto stored = store.evidence(identity);
  auto evidence = stored;
  const Scores scores = score_rows(apply_rules(benchmark, evidence).aggregates);
  const auto hash = hash_of_protocol(evaluation.protocol_text, catalogue);
  for (size_t i = 0; i < stored.size(); ++i) {
    if (stored[i].score == evidence[i].score && stored[i].reason == evidence[i].reason &&
        stored[i].status == evidence[i].status)
      continue;
    report.differences.push_back(
        {identity, detail::concat("prompt ", stored[i].item_id, ", picture ", stored[i].image_index),
         score_text(stored[i]), score_text(evidence[i])});
  }
  if (hash && *hash != evaluation.protocol_hash)
    report.differences.push_back({identity, "protocol", evaluation.protocol_hash, *hash});
  compare_aggregates(identity, store.scores(identity), scores, report);
  ++report.evaluations;
  report.images += static_cast<int64_t>(stored.size());
}

}  // namespace

RescoreReport rescore(const results::Store& store, const Catalogue& catalogue) {
  RescoreReport report;
  for (const auto& evaluation : store.evaluations()) {
    try {
      rescore_one(store, evaluation, catalogue, report);
    } catch (const std::exception& error) {
      report.failures.push_back({evaluation.identity, evaluation.benchmark, error.what()});
    }
  }
  return report;
}

}  // namespace umm
