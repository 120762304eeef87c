// DPG-Bench's table: means of pictures and of questions.
#pragma once

#include <map>
#include <vector>

#include "questions.h"
#include "umm/evaluator.h"

namespace umm::dpg {

// How pictures lie in a folder.
// grid    <id>: a prompt's pictures in a 2 x 2 grid (published)
// single  <id>_<n>: one picture per file (RecA and BAGEL)
enum class Layout { grid, single };

// Level 1 categories in the order of published tables, level 2 as "category: attribute - color", then
// "overall". Categories are shares of questions, without the rule of dependencies; overall is a mean over
// pictures. `items` holds the prompt of every picture.
std::vector<NamedScore> summarize(const std::vector<ScoredImage>& images,
                                  const std::map<const EvaluationItem*, Item>& items, Variant variant,
                                  Layout layout);

}  // namespace umm::dpg
