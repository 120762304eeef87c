// WISE's means, see aggregate.h.
#include "aggregate.h"

#include <algorithm>
#include <array>

#include "record.h"
#include "umm/error.h"

namespace umm::wise {
namespace {

// In the order of Category.
std::array<double, kCategories.size()> weights_of(Overall overall) {
  switch (overall) {
    case Overall::legacy_weighted:
      return {0.4, 0.167, 0.133, 0.1, 0.1, 0.1};
    case Overall::verified_weighted:
      return {0.4, 0.12, 0.12, 0.12, 0.12, 0.12};
    case Overall::plain_six:
      break;
  }
  constexpr double kSixth = 1.0 / 6;
  return {kSixth, kSixth, kSixth, kSixth, kSixth, kSixth};
}

}  // namespace

std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images, Overall overall) {
  UMM_CHECK(!images.empty(), "expected scored pictures to aggregate, found none");
  std::array<ScoreMean, kCategories.size()> means;
  ScoreMean all;
  for (const ScoredImage& image : images) {
    const auto found = std::find(kCategories.begin(), kCategories.end(), image.item->tag);
    UMM_CHECK(found != kCategories.end(), "expected a picture of one of WISE's six categories, found \"",
              image.item->tag, "\"");
    means[static_cast<size_t>(found - kCategories.begin())].add(image.score);
    all.add(image.score);
  }
  if (all.empty()) return {};
  const auto weights = weights_of(overall);
  std::vector<NamedScore> scores;
  NamedScore whole = all.named("overall");
  whole.value = 0;
  double total_weight = 0;
  for (size_t index = 0; index < means.size(); ++index) {
    if (means[index].empty()) continue;
    scores.push_back(means[index].named(kCategories[index]));
    whole.value += weights[index] * means[index].value();
    total_weight += weights[index];
  }
  if (scores.size() < means.size()) whole.value /= total_weight;
  scores.push_back(std::move(whole));
  return scores;
}

}  // namespace umm::wise
