// How far the scores of pictures agree with what people say of the same pictures.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace umm {

class Catalogue;
struct ScoreOutcome;

struct Agreement {
  std::string label, component;  // "InstructPix2Pix", "SC"
  double spearman = 0;           // rank correlation with the mean rating; NaN where one side is constant
  int64_t num_pictures = 0;      // that have both
};

// `files`: ratings in the benchmark's own format, one file for each person or for all. InputError where a
// file is none, or speaks of no picture that was scored.
std::vector<Agreement> agreement_with_people(const std::vector<ScoreOutcome>& outcomes,
                                             const std::vector<std::string>& files,
                                             const Catalogue& catalogue);

}  // namespace umm
