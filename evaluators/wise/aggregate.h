// WISE's headline: means per category, then three readings of the whole.
#pragma once

#include <vector>

#include "umm/evaluator.h"

namespace umm::wise {

enum class Overall {
  legacy_weighted,    // 0.4 culture + 0.167 time + 0.133 space + 0.1 of each science
  plain_six,          // unweighted, as BAGEL's and RecA's scripts had it
  verified_weighted,  // 0.4 culture + 0.12 of each other
};

// Categories (an item's tag, one of kCategories) in their order, then "overall". A category without a score
// is left out, and the weights of the others are scaled up to 1.
std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images, Overall overall);

}  // namespace umm::wise
