// Judgements that others published, to score again under our rules and to compare with people's.
//   log      one JSON object per line: {"model", "item", "SC": {"score": [...]}, "PQ": {"score": [...]}}
//   ratings  a table with tabs: "uid" and the models' names, then per item "[SC, PQ]" for each model
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules.h"

namespace umm::gedit {

struct Judgement {
  std::string model;
  std::string item;
  PictureScore score;  // ok
};

// One line of a log. Throws InputError that starts with `where`.
Judgement parse_judgement(const std::string& text, const std::string& where);

struct Rating {
  double semantic_consistency = 0;  // 0, 0.5 or 1
  double perceptual_quality = 0;
};

// One rater's table: item -> model -> rating. Throws InputError that starts with `where` and the line.
std::map<std::string, std::map<std::string, Rating>> parse_ratings(std::string_view table,
                                                                   const std::string& where);

// Mean over raters of SC, of PQ, and of each rater's sqrt(SC * PQ).
PictureScore mean_rating(const std::vector<Rating>& ratings);

}  // namespace umm::gedit
