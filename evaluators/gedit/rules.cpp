#include "rules.h"

#include <algorithm>
#include <cmath>

#include "reply_parser.h"
#include "umm/error.h"

namespace umm::gedit {
namespace {

using judge::Status;

PictureScore failed(Status status, std::string reason) {
  PictureScore score;
  score.status = status;
  score.reason = std::move(reason);
  return score;
}

ParsedReply parsed_at(const judge::Evidence& evidence, const std::string& role, int64_t attempt) {
  const auto found = evidence.find(role);
  const judge::Reply* reply = found == evidence.end() ? nullptr : judge::reply_at(found->second, attempt);
  if (reply == nullptr) return {.status = Status::error, .scores = {}, .reason = "no reply"};
  if (!reply->error.empty()) return {.status = Status::error, .scores = {}, .reason = reply->error};
  return parse_reply(reply->text);
}

PictureScore score_at(const judge::Evidence& evidence, int64_t attempt) {
  std::array<ParsedReply, kRoles.size()> replies;
  PictureScore result;
  result.status = Status::ok;
  for (size_t role = 0; role < kRoles.size(); ++role) {
    replies[role] = parsed_at(evidence, kRoles[role], attempt);
    if (replies[role].status == Status::ok) continue;
    // A judge out of reach says more than one that refuses, and that more than one that babbles.
    result.status = std::max(result.status, replies[role].status);
    result.reason +=
        (result.reason.empty() ? "" : "; ") + std::string(kRoles[role]) + ": " + replies[role].reason;
  }
  return result.status == Status::ok ? score_of(replies[0].scores, replies[1].scores) : result;
}

void add(Means& means, const PictureScore& score) {
  if (score.status != Status::ok) {
    ++means.num_failed;
    return;
  }
  means.semantic_consistency += score.semantic_consistency;
  means.perceptual_quality += score.perceptual_quality;
  means.overall += score.overall;
  ++means.num_scored;
}

void divide(Means& means, int64_t count) {
  if (count == 0) return;
  means.semantic_consistency /= static_cast<double>(count);
  means.perceptual_quality /= static_cast<double>(count);
  means.overall /= static_cast<double>(count);
}

}  // namespace

PictureScore score_of(const std::vector<double>& sc_scores, const std::vector<double>& pq_scores) {
  UMM_CHECK(!sc_scores.empty() && !pq_scores.empty(), "expected scores for SC and PQ, found ",
            sc_scores.size(), " and ", pq_scores.size());
  PictureScore score;
  score.semantic_consistency = *std::min_element(sc_scores.begin(), sc_scores.end());
  score.perceptual_quality = *std::min_element(pq_scores.begin(), pq_scores.end());
  if (score.semantic_consistency < 0 || score.perceptual_quality < 0)
    return failed(Status::unparsable, "a score below 0");
  score.status = Status::ok;
  score.overall = std::sqrt(score.semantic_consistency * score.perceptual_quality);
  return score;
}

PictureScore score(const judge::Evidence& evidence) {
  PictureScore last = failed(Status::error, "no reply of the judge");
  for (const int64_t attempt : judge::attempts(evidence)) {
    last = score_at(evidence, attempt);
    if (last.status == Status::ok) break;
  }
  return last;
}

Summary summarize(const std::vector<ScoredPicture>& pictures, const std::string& language, Subset subset) {
  std::array<Means, kGroups.size()> by_group;
  for (const ScoredPicture& picture : pictures) {
    const auto found = std::find(kGroups.begin(), kGroups.end(), picture.group);
    UMM_CHECK(found != kGroups.end(), "expected a picture of one of GEdit's 11 groups, found the group \"",
              picture.group, "\"");
    if (picture.language != language) continue;
    if (subset == Subset::intersection && !picture.in_intersection) continue;
    add(by_group[static_cast<size_t>(found - kGroups.begin())], picture.score);
  }
  Summary summary;
  for (size_t index = 0; index < kGroups.size(); ++index) {
    Means& means = by_group[index];
    if (means.num_scored + means.num_failed == 0) continue;
    divide(means, means.num_scored);
    summary.groups.push_back({kGroups[index], means});
    summary.macro.num_scored += means.num_scored;
    summary.macro.num_failed += means.num_failed;
    if (means.num_scored == 0) continue;
    ++summary.num_groups;
    summary.macro.semantic_consistency += means.semantic_consistency;
    summary.macro.perceptual_quality += means.perceptual_quality;
    summary.macro.overall += means.overall;
  }
  divide(summary.macro, summary.num_groups);
  return summary;
}

}  // namespace umm::gedit
