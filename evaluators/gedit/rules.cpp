// GEdit-Bench's rules, see rules.h.
#include "rules.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "reply_parser.h"
#include "umm/error.h"

namespace umm::gedit {
namespace {

using evaluators::JudgeEvidence;
using evaluators::unscored;

// What a role says at an attempt: scores, or why there are none.
struct Opinion {
  std::vector<double> scores = {};
  ItemScore problem = {};  // `scored` where there are scores
};

Opinion opinion_at(const JudgeEvidence& evidence, const std::string& role, int64_t attempt) {
  const auto found = evidence.find(role);
  const auto* stored = found == evidence.end() ? nullptr : evaluators::reply_at(found->second, attempt);
  if (stored == nullptr) return {.problem = unscored(ScoreStatus::failed, "no reply")};
  if (auto none = evaluators::without_answer(stored->reply)) return {.problem = std::move(*none)};
  ParsedReply parsed = parse_reply(stored->reply.text);
  if (parsed.found == Found::scores) return {.scores = std::move(parsed.scores)};
  if (parsed.found == Found::rate_limit)
    return {.problem = unscored(ScoreStatus::failed, std::move(parsed.reason))};
  return {.problem = evaluators::without_score(stored->reply, stored->reply.text, std::move(parsed.reason))};
}

ItemScore score_at(const JudgeEvidence& evidence, int64_t attempt) {
  std::vector<Opinion> opinions;
  ItemScore problem;
  for (const std::string& role : kRoles) {
    const ItemScore& none = opinions.emplace_back(opinion_at(evidence, role, attempt)).problem;
    if (none.status == ScoreStatus::scored) continue;
    // A judge out of reach says more than one that refuses, and that more than one that babbles.
    problem.status = std::max(problem.status, none.status);
    problem.reason += (problem.reason.empty() ? "" : "; ") + role + ": " + none.reason;
  }
  return problem.status == ScoreStatus::scored ? score_of(opinions[0].scores, opinions[1].scores) : problem;
}

ItemScore component_of(ItemScore score, size_t index) {
  if (score.status == ScoreStatus::scored) score.value = score.components.at(index).second;
  return score;
}

struct Means {
  ScoreMean sc, pq, overall;
};

}  // namespace

ItemScore score_of(const std::vector<double>& sc_scores, const std::vector<double>& pq_scores) {
  UMM_CHECK(!sc_scores.empty() && !pq_scores.empty(), "expected scores for SC and PQ, found ",
            sc_scores.size(), " and ", pq_scores.size());
  const double sc = *std::min_element(sc_scores.begin(), sc_scores.end());
  const double pq = *std::min_element(pq_scores.begin(), pq_scores.end());
  if (sc < 0 || pq < 0) return unscored(ScoreStatus::unparsable, "a score below 0");
  return {.value = std::sqrt(sc * pq), .components = {{"SC", sc}, {"PQ", pq}}};
}

ItemScore score(const JudgeEvidence& evidence) {
  ItemScore last = unscored(ScoreStatus::failed, "no reply of the judge");
  for (const int64_t attempt : evaluators::attempts(evidence)) {
    last = score_at(evidence, attempt);
    if (last.status == ScoreStatus::scored) break;
  }
  return last;
}

std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images) {
  UMM_CHECK(!images.empty(), "expected scored pictures to aggregate, found none");
  std::vector<std::string> groups(kGroups.begin(), kGroups.end());
  std::map<std::string, Means> by_group;
  for (const ScoredImage& image : images) {
    const std::string& group = image.item->tag;
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
    Means& means = by_group[group];
    means.sc.add(component_of(image.score, 0));
    means.pq.add(component_of(image.score, 1));
    means.overall.add(image.score);
  }
  std::vector<NamedScore> scores;
  Means macro;
  for (const std::string& group : groups) {
    const Means& means = by_group[group];
    if (!means.overall.empty()) scores.push_back(means.overall.named(group));
    macro.sc.add(means.sc);
    macro.pq.add(means.pq);
    macro.overall.add(means.overall);
  }
  if (macro.overall.empty()) return {};
  scores.push_back(macro.sc.named("SC"));
  scores.push_back(macro.pq.named("PQ"));
  scores.push_back(macro.overall.named("overall"));
  return scores;
}

}  // namespace umm::gedit
