#include "rules.h"

#include <utility>

#include "judge/python_text.h"

namespace umm::wise {
namespace {

using judge::Status;

// An answer that is not one: nothing, or what the server held back.
Status status_without_score(const judge::Reply& reply) {
  const bool is_empty = judge::stripped(reply.text).empty();
  return is_empty || reply.finish_reason == "content_filter" ? Status::refused : Status::unparsable;
}

PictureScore failed(Status status, std::string reason) {
  PictureScore score;
  score.status = status;
  score.reason = std::move(reason);
  return score;
}

PictureScore score_three(const judge::Reply& reply, Dialect dialect) {
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
  PictureScore score;
  if (!missing.empty())
    score = failed(status_without_score(reply), missing);
  else if (!beyond.empty())
    score = failed(Status::unparsable, beyond);
  else
    score = {.status = Status::ok,
             .value = wi_score(*three.consistency, *three.realism, *three.aesthetic_quality),
             .three = {},
             .reason = ""};
  score.three = three;
  return score;
}

PictureScore score_binary(const judge::Reply& reply) {
  const std::optional<int> value = parse_binary_score(without_thoughts(reply.text));
  if (!value) return failed(status_without_score(reply), "no score of 0 or 1");
  return {.status = Status::ok, .value = static_cast<double>(*value), .three = {}, .reason = ""};
}

}  // namespace

double wi_score(int consistency, int realism, int aesthetic_quality) {
  return (0.7 * consistency + 0.2 * realism + 0.1 * aesthetic_quality) / 2;
}

PictureScore score(const judge::Evidence& evidence, Generation generation, Dialect dialect) {
  PictureScore last = failed(Status::error, "no reply of the judge");
  const auto replies = evidence.find(kRole);
  if (replies == evidence.end()) return last;
  for (const judge::Reply& reply : replies->second) {
    if (!reply.error.empty())
      last = failed(Status::error, reply.error);
    else
      last = generation == Generation::legacy ? score_three(reply, dialect) : score_binary(reply);
    if (last.status == Status::ok) break;
  }
  return last;
}

}  // namespace umm::wise
