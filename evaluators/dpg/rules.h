// DPG-Bench's scores: pure functions of answers. Hu et al., ELLA (arXiv 2403.05135), section 5.1; behaviour
// of dpg_bench/compute_dpg_bench.py at revision 3c228f1. Scores are shares of 1; published tables show them
// times 100.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "questions.h"

namespace umm::dpg {

// Whether each question was answered with yes about a picture, in the item's order.
using YesAnswers = std::vector<bool>;

// The answer must be this, byte by byte: "Yes" and "yes." are no.
bool is_yes(std::string_view answer);

// Index of the first question that counts: the published loop over the table passes over row 0.
size_t first_question(const Item& item, Variant variant);

// `yes` without those that do not count: a question with a parent that has no yes counts as no; in the file's
// order and in place, so that this runs on to its own dependants further down. Nothing where the published
// code fails: `variant` is reference, and a parent is the question that it lost, or none is left.
std::optional<YesAnswers> counted_answers(const Item& item, const YesAnswers& yes, Variant variant);

// Share of questions that count as yes.
std::optional<double> picture_score(const Item& item, const YesAnswers& yes, Variant variant);

}  // namespace umm::dpg
