// WISE's headline: means per category, then three readings of the whole.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "record.h"
#include "rules.h"

namespace umm::wise {

struct ScoredPicture {
  Category category = Category::culture;
  PictureScore score;
};

enum class Overall {
  legacy_weighted,    // 0.4 culture + 0.167 time + 0.133 space + 0.1 of each science
  plain_six,          // unweighted, as BAGEL's and RecA's scripts had it
  verified_weighted,  // 0.4 culture + 0.12 of each other
};

struct CategoryMean {
  std::optional<double> mean;  // none without a score
  int64_t num_scored = 0;
  int64_t num_missing = 0;  // pictures without a score; in no mean
};

struct Summary {
  std::array<CategoryMean, kCategories.size()> categories;  // in the order of Category
  std::optional<double> overall;                            // none where a category has no score
  int64_t num_scored = 0;
  int64_t num_missing = 0;  // with any, the reference gives no overall; here it says how many
};

// One entry per item of the prompt set, whatever has come of it.
Summary summarize(const std::vector<ScoredPicture>& pictures, Overall overall);

}  // namespace umm::wise
