// WISE's rules, see rules.h.
#include "rules.h"

#include <utility>

namespace umm::wise {
namespace {

using evaluators::unscored;
using evaluators::without_score;

ItemScore score_three(const JudgeReply& reply, Dialect dialect) {
  const ThreeScores three = parse_three_scores(reply.text, dialect);
  std::string missing, beyond;
  for (const auto& [name, part] :
       {std::pair("consistency", three.consistency), std::pair("realism", three.realism),
        std::pair("aesthetic quality", three.aesthetic_quality)}) {
    if (!part)
      missing += (missing.empty() ? "no " : ", no ") + std::string(name);
    else if (*part > 2)
      beyond += (beyond.empty() ? "" : ", ") + std::string(name) + " " + std::to_string(*part) + " of 2";
  }
  if (!missing.empty()) return without_score(reply, reply.text, missing);
  if (!beyond.empty()) return unscored(ScoreStatus::unparsable, beyond);
  const int c = *three.consistency, r = *three.realism, a = *three.aesthetic_quality;
  return {.value = wi_score(c, r, a), .components = {{"C", c}, {"R", r}, {"A", a}}};
}

ItemScore score_binary(const JudgeReply& reply) {
  const std::string answer = without_thoughts(reply.text);
  const std::optional<int> value = parse_binary_score(answer);
  if (!value) return without_score(reply, answer, "no score of 0 or 1");
  return {.value = static_cast<double>(*value)};
}

}  // namespace

double wi_score(int consistency, int realism, int aesthetic_quality) {
  return (0.7 * consistency + 0.2 * realism + 0.1 * aesthetic_quality) / 2;
}

ItemScore score(const evaluators::JudgeEvidence& evidence, Generation generation, Dialect dialect) {
  return evaluators::first_scored(evidence, [&](const JudgeReply& reply) {
    return generation == Generation::legacy ? score_three(reply, dialect) : score_binary(reply);
  });
}

}  // namespace umm::wise
