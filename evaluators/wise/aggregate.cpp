#include "aggregate.h"

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

Summary summarize(const std::vector<ScoredPicture>& pictures, Overall overall) {
  Summary summary;
  std::array<double, kCategories.size()> sums{};
  for (const ScoredPicture& picture : pictures) {
    const auto index = static_cast<size_t>(picture.category);
    CategoryMean& category = summary.categories[index];
    if (picture.score.status == judge::Status::ok) {
      sums[index] += picture.score.value;
      ++category.num_scored;
    } else {
      ++category.num_missing;
    }
  }
  const auto weights = weights_of(overall);
  double total = 0;
  bool is_whole = true;
  for (size_t index = 0; index < kCategories.size(); ++index) {
    CategoryMean& category = summary.categories[index];
    summary.num_scored += category.num_scored;
    summary.num_missing += category.num_missing;
    if (category.num_scored == 0) {
      is_whole = false;
      continue;
    }
    category.mean = sums[index] / static_cast<double>(category.num_scored);
    total += weights[index] * *category.mean;
  }
  if (is_whole) summary.overall = total;
  return summary;
}

}  // namespace umm::wise
