// GEdit-Bench's rules over stored replies of a judge: pure functions. Liu et al., arXiv 2504.17761; behaviour
// of viescore/__init__.py and calculate_statistics.py of github.com/stepfun-ai/Step1X-Edit at 570eba6.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "judge/reply.h"

namespace umm::gedit {

inline constexpr std::array<const char*, 11> kGroups = {
    "background_change", "color_alter",    "material_alter",  "motion_change", "ps_human",     "style_change",
    "subject-add",       "subject-remove", "subject-replace", "text_change",   "tone_transfer"};

inline constexpr std::array<const char*, 2> kRoles = {"SC", "PQ"};

// The scores of one picture, each 0..10 if the judge kept to its scale.
struct PictureScore {
  judge::Status status = judge::Status::error;
  double semantic_consistency = 0;  // the least of the judge's SC scores; 0 unless ok
  double perceptual_quality = 0;    // the same for PQ
  double overall = 0;               // sqrt(SC * PQ)
  std::string reason;               // why it is not ok; "" if it is
};

// SC = min of its scores, PQ = min of its scores, O = sqrt(SC * PQ).
PictureScore score_of(const std::vector<double>& sc_scores, const std::vector<double>& pq_scores);

// By the first attempt at which both roles have a reply that can be read; else why the last one has none.
PictureScore score(const judge::Evidence& evidence);

struct ScoredPicture {
  std::string group;     // one of kGroups
  std::string language;  // "en" or "cn"
  bool in_intersection = false;
  PictureScore score;
};

struct Means {
  double semantic_consistency = 0, perceptual_quality = 0, overall = 0;  // 0 where nothing was counted
  int64_t num_scored = 0;
  int64_t num_failed = 0;  // asked, without a score; in no mean
};

struct GroupMeans {
  std::string group;
  Means means;
};

struct Summary {
  std::vector<GroupMeans> groups;  // those that occur, in the order of kGroups
  Means macro;             // unweighted over the groups with a score; the numbers are sums over all groups
  int64_t num_groups = 0;  // with a score; the published protocol has 11
};

enum class Subset { full, intersection };

// Throws Error where a group is none of kGroups.
Summary summarize(const std::vector<ScoredPicture>& pictures, const std::string& language, Subset subset);

}  // namespace umm::gedit
