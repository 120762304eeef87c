// WISE's rules over stored replies of a judge: pure functions. Niu et al., arXiv 2503.07265; behaviour of
// WISE_legacy/gpt_eval.py and vllm_eval.py of github.com/PKU-YuanGroup/WISE at revision eb51174.
#pragma once

#include "judge_evidence.h"
#include "reply_parser.h"

namespace umm::wise {

// Two generations of the benchmark. Their prompts, categories and scales differ: scores do not compare.
enum class Generation {
  legacy,    // three scores from 0 to 2; what papers up to early 2026 report
  verified,  // one score, 0 or 1; upstream's default since 2026-04-19
};

// (0.7 consistency + 0.2 realism + 0.1 aesthetic quality) / 2, each 0..2
double wi_score(int consistency, int realism, int aesthetic_quality);

// 0..1, by the first reply that has all scores; else why the last one has not. The components of the legacy
// set's are C, R and A. `dialect`: the legacy set's alone.
ItemScore score(const evaluators::JudgeEvidence& evidence, Generation generation,
                Dialect dialect = Dialect::upstream);

}  // namespace umm::wise
