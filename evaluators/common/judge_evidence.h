// What a judge replied, as evidence of benchmarks that ask one:
//   evidence  {role: [reply, ...], ...}
//   reply     {"text", "status", "attempt"?, "error"?, "model"?, "finish_reason"?, "fingerprint"?,
//              "request_hash"?, "date"?, "tokens_in"?, "tokens_out"?, "http_status"?}; what is empty or 0 is
//              left out
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "umm/evaluator.h"

namespace umm::evaluators {

struct StoredReply {
  JudgeReply reply = {};
  int64_t attempt = 0;
};

// Replies of each role ("SC", "PQ", "single"), in ascending order of attempt.
using JudgeEvidence = std::map<std::string, std::vector<StoredReply>>;

// Role of benchmarks that ask one question about a picture.
inline constexpr const char* kSingleRole = "single";

// One JSON object. What is not UTF-8 in a text becomes U+FFFD.
std::string evidence_text(const JudgeEvidence& evidence);

// Throws Error where `text` is not what evidence_text() writes for just these roles.
JudgeEvidence parse_judge_evidence(const std::string& text, const std::vector<std::string>& roles);

// The attempts at which a reply of some role came, ascending.
std::vector<int64_t> attempts(const JudgeEvidence& evidence);

// The reply of a role that holds at an attempt: the latest up to then; null if there is none.
const StoredReply* reply_at(const std::vector<StoredReply>& replies, int64_t attempt);

// Status and reason of a reply that is no answer, whatever its words; nothing where it is one.
std::optional<ItemScore> without_answer(const JudgeReply& reply);

// Status and reason of an answer in which a benchmark's parser found no score, alike in all benchmarks.
// `answer`: what of the reply was parsed. One that a limit cut is unparsable, whatever is left of it; one
// that a filter cut, or that holds neither a digit nor a brace, so nothing that could be a score, is refused.
ItemScore without_score(const JudgeReply& reply, std::string_view answer, std::string problem);

ItemScore unscored(ScoreStatus status, std::string reason);

// Of the one question about a picture: by the first reply that has a score; else why the last one has none.
ItemScore first_scored(const JudgeEvidence& evidence,
                       const std::function<ItemScore(const JudgeReply&)>& score_answer);

// What a judge is asked about one picture, role by role.
using JudgeQuestions = std::vector<std::pair<std::string, JudgeRequest>>;

// Asks all questions, and all of them again, as another attempt, while no score can be told from the replies:
// at most `rounds` times. A reply that failed ends it: the judge has tried as often as is of use.
JudgeEvidence ask(Judge& judge, JudgeQuestions questions, int64_t rounds,
                  const std::function<bool(const JudgeEvidence&)>& can_be_scored);

}  // namespace umm::evaluators
