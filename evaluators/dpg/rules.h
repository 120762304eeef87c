// DPG-Bench's scores: pure functions of answers. Hu et al., ELLA (arXiv 2403.05135), section 5.1; behaviour
// of dpg_bench/compute_dpg_bench.py at revision 3c228f1. Scores are shares of 1; published tables show them
// times 100.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "questions.h"

namespace umm::dpg {

// Whether each question of a crop was answered with yes, in the item's order.
using YesAnswers = std::vector<bool>;

// The answer must be this, byte by byte: "Yes" and "yes." are no.
bool is_yes(std::string_view answer);

struct Picture {
  const Item* item = nullptr;
  std::vector<YesAnswers> crops;  // empty: the file was absent or could not be asked about
};

// Share of questions answered with yes. A question with a parent that has no yes counts as no; in the file's
// order and in place, so that this runs on to its own dependants further down. Nothing where the published
// code fails: `variant` is reference, and a parent is the question that it lost.
std::optional<double> crop_score(const Item& item, const YesAnswers& yes, Variant variant);

// Mean over crops; nothing where one has none or there are none.
std::optional<double> picture_score(const Picture& picture, Variant variant);

struct Mean {
  double sum = 0;
  int64_t count = 0;

  void add(double value) { sum += value, ++count; }
  double value() const { return count == 0 ? 0 : sum / static_cast<double>(count); }
};

// Means of no picture, where none has a score, have the count 0.
struct Summary {
  Mean overall;                       // pictures weigh alike
  Mean scored;                        // the same without pictures that failed
  std::map<std::string, Mean> broad;  // per level 1 category: questions, without the rule of dependencies
  std::map<std::string, Mean> categories;  // per level 2 category
  int64_t num_failed = 0;  // pictures without a score; in overall as 0 if fixed, else not at all
};

// `num_crops` is how many crops a picture has: a failed one has as many wrong answers per question.
Summary summarize(std::span<const Picture> pictures, Variant variant, size_t num_crops);

}  // namespace umm::dpg
