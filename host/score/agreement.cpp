#include "score/agreement.h"

#include <map>

#include "loader/guard.h"
#include "results/rank_correlation.h"
#include "score/score.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm {
namespace {

using Components = std::vector<std::pair<std::string, double>>;

// Of the ratings that several people gave.
struct Mean {
  double sum = 0;
  int64_t count = 0;
};

struct Place {
  std::string label, item, component;
  auto operator<=>(const Place&) const = default;
};

Components components_of(const ItemScore& score) {
  Components components = score.components;
  components.emplace_back("overall", score.value);
  return components;
}

std::map<Place, Mean> mean_ratings(const std::vector<std::string>& files, const std::string& benchmark,
                                   const Catalogue& catalogue) {
  const auto& entry = catalogue.at(PluginKind::evaluator, benchmark).entry;
  const auto evaluator = entry.make_evaluator(Options(entry.options, {}), {.source = benchmark});
  std::map<Place, Mean> ratings;
  for (const auto& file : files) {
    const std::string text = read_file(file);
    for (const auto& rating : guarded(named(PluginKind::evaluator, benchmark), "reading " + file,
                                      [&] { return evaluator->read_ratings(text, file); })) {
      for (const auto& [component, value] : rating.components) {
        Mean& mean = ratings[{rating.label, rating.item_id, component}];
        mean.sum += value;
        ++mean.count;
      }
    }
  }
  return ratings;
}

}  // namespace

std::vector<Agreement> agreement_with_people(const std::vector<ScoreOutcome>& outcomes,
                                             const std::vector<std::string>& files,
                                             const Catalogue& catalogue) {
  if (files.empty()) return {};
  const auto ratings = mean_ratings(files, outcomes.at(0).evaluator, catalogue);
  std::vector<Agreement> agreements;
  for (const auto& outcome : outcomes) {
    std::map<std::string, std::pair<std::vector<double>, std::vector<double>>> sides;  // ours, theirs
    std::vector<std::string> order;
    for (const auto& [item, score] : outcome.item_scores) {
      if (score.status != ScoreStatus::scored) continue;
      for (const auto& [component, value] : components_of(score)) {
        const auto rated = ratings.find({outcome.label, item, component});
        if (rated == ratings.end()) continue;
        auto& [ours, theirs] = sides[component];
        if (ours.empty()) order.push_back(component);
        ours.push_back(value);
        theirs.push_back(rated->second.sum / static_cast<double>(rated->second.count));
      }
    }
    for (const auto& component : order) {
      const auto& [ours, theirs] = sides[component];
      agreements.push_back(
          {outcome.label, component, results::spearman(ours, theirs), static_cast<int64_t>(ours.size())});
    }
  }
  UMM_CHECK_INPUT(!agreements.empty(), files.front(),
                  ": expected ratings of the pictures that were scored, found none of them");
  return agreements;
}

}  // namespace umm
