// GEdit-Bench's rules over stored replies of a judge: pure functions. Liu et al., arXiv 2504.17761; behaviour
// of viescore/__init__.py and calculate_statistics.py of github.com/stepfun-ai/Step1X-Edit at 570eba6.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "judge_evidence.h"

namespace umm::gedit {

inline constexpr std::array<const char*, 11> kGroups = {
    "background_change", "color_alter",    "material_alter",  "motion_change", "ps_human",     "style_change",
    "subject-add",       "subject-remove", "subject-replace", "text_change",   "tone_transfer"};

inline const std::vector<std::string> kRoles = {"SC", "PQ"};

// SC = min of its scores, PQ = min of its scores, each 0..10 if the judge kept to its scale; O = sqrt(SC *
// PQ) is the value, SC and PQ its components.
ItemScore score_of(const std::vector<double>& sc_scores, const std::vector<double>& pq_scores);

// By the first attempt at which both roles have a reply that can be read; else why the last one has none.
ItemScore score(const evaluators::JudgeEvidence& evidence);

// Groups in the order of kGroups, then others, each with its mean O; then "SC", "PQ" and "overall", the means
// over groups, which weigh alike. A group is an item's tag.
std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images);

}  // namespace umm::gedit
