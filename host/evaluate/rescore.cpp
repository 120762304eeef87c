#include "evaluate/rescore.h"

#include <algorithm>

#include "evaluate/evaluate.h"
#include "umm/error.h"

namespace umm {
namespace {

using Scores = std::vector<results::ScoreRow>;

std::string score_text(double value, const std::string& reason) {
  return to_text(OptionValue(value)) + (reason.empty() ? "" : " (" + reason + ")");
}

std::string text_of(const Scores& scores, size_t index) {
  return index < scores.size() ? scores[index].name + " = " + to_text(OptionValue(scores[index].value))
                               : "nothing";
}

void compare_aggregates(const std::string& evaluation, const Scores& stored, const Scores& recomputed,
                        RescoreReport& report) {
  for (size_t i = 0; i < std::max(stored.size(), recomputed.size()); ++i) {
    const auto before = text_of(stored, i);
    const auto after = text_of(recomputed, i);
    if (before != after)
      report.differences.push_back({evaluation, "aggregate " + std::to_string(i), before, after});
  }
}

}  // namespace

RescoreReport rescore(const results::Store& store, const Catalogue& catalogue) {
  RescoreReport report;
  for (const auto& evaluation : store.evaluations()) {
    const auto& identity = evaluation.identity;
    const auto benchmark =
        benchmark_from_protocol(evaluation.protocol_text, store.items(identity), catalogue);
    const auto stored = store.evidence(identity);
    auto evidence = stored;
    const Scores scores = score_rows(apply_rules(benchmark, evidence).aggregates);
    for (size_t i = 0; i < stored.size(); ++i) {
      if (stored[i].score == evidence[i].score && stored[i].reason == evidence[i].reason &&
          stored[i].status == evidence[i].status)
        continue;
      report.differences.push_back(
          {identity, detail::concat("prompt ", stored[i].item_id, ", picture ", stored[i].image_index),
           score_text(stored[i].score, stored[i].reason), score_text(evidence[i].score, evidence[i].reason)});
    }
    compare_aggregates(identity, store.scores(identity), scores, report);
    ++report.evaluations;
    report.images += static_cast<int64_t>(stored.size());
  }
  return report;
}

}  // namespace umm
