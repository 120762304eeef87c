// WISE's rules over stored replies of a judge: pure functions. Niu et al., arXiv 2503.07265; behaviour of
// WISE_legacy/gpt_eval.py and vllm_eval.py of github.com/PKU-YuanGroup/WISE at revision eb51174.
#pragma once

#include <string>
#include <string_view>

#include "judge/reply.h"
#include "reply_parser.h"

namespace umm::wise {

// Two generations of the benchmark. Their prompts, categories and scales differ: scores do not compare.
enum class Generation {
  legacy,    // three scores from 0 to 2; what papers up to early 2026 report
  verified,  // one score, 0 or 1; upstream's default since 2026-04-19
};

inline constexpr const char* kRole = "single";  // one question about a picture

// The score of one picture.
struct PictureScore {
  judge::Status status = judge::Status::error;
  double value = 0;    // 0..1; 0 unless ok
  ThreeScores three;   // the legacy set's parts, as far as the last reply has them
  std::string reason;  // why it is not ok; "" if it is
};

// (0.7 consistency + 0.2 realism + 0.1 aesthetic quality) / 2, each 0..2
double wi_score(int consistency, int realism, int aesthetic_quality);

// By the first reply that has all scores; else why the last one has not. `dialect`: the legacy set's alone.
PictureScore score(const judge::Evidence& evidence, Generation generation,
                   Dialect dialect = Dialect::upstream);

}  // namespace umm::wise
