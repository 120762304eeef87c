// Replies as JSON, and how they are asked for; see judge_evidence.h.
#include "judge_evidence.h"

#include <algorithm>
#include <array>
#include <set>

#include "json.h"
#include "json/shallow.h"
#include "python_text.h"
#include "umm/error.h"

namespace umm::evaluators {
namespace {

constexpr std::array kStatuses = {ReplyStatus::answered, ReplyStatus::refused, ReplyStatus::failed};

// Members of JudgeReply that are left out where they are empty or 0.
struct TextMember {
  const char* key;
  std::string JudgeReply::*value;
};
constexpr TextMember kTexts[] = {{"error", &JudgeReply::error},
                                 {"model", &JudgeReply::model},
                                 {"finish_reason", &JudgeReply::finish_reason},
                                 {"fingerprint", &JudgeReply::fingerprint},
                                 {"request_hash", &JudgeReply::request_hash},
                                 {"date", &JudgeReply::date}};
struct NumberMember {
  const char* key;
  int64_t JudgeReply::*value;
};
constexpr NumberMember kNumbers[] = {{"tokens_in", &JudgeReply::tokens_in},
                                     {"tokens_out", &JudgeReply::tokens_out},
                                     {"http_status", &JudgeReply::http_status}};

Json to_json(const StoredReply& stored) {
  const JudgeReply& reply = stored.reply;
  Json object = {{"text", reply.text}, {"status", to_text(reply.status)}, {"attempt", stored.attempt}};
  for (const auto& [key, value] : kTexts)
    if (!(reply.*value).empty()) object[key] = reply.*value;
  for (const auto& [key, value] : kNumbers)
    if (reply.*value != 0) object[key] = reply.*value;
  return object;
}

int64_t whole_number(const Json& value, const char* key) {
  UMM_CHECK(value.is_number_integer(), "expected a reply's \"", key, "\" to be a whole number, found ",
            excerpt(value));
  return value.get<int64_t>();
}

StoredReply from_json(const Json& object) {
  // Rationale: one after the other. GCC 12 destroys a nested aggregate twice where an initialiser behind it
  // throws.
  StoredReply stored;
  stored.reply.text = object.at("text").get<std::string>();
  if (const auto found = object.find("attempt"); found != object.end())
    stored.attempt = whole_number(*found, "attempt");
  const auto& status = object.at("status").get_ref<const std::string&>();
  const auto known = std::find_if(kStatuses.begin(), kStatuses.end(),
                                  [&](ReplyStatus one) { return status == to_text(one); });
  UMM_CHECK(known != kStatuses.end(), "expected a reply that is answered, refused or failed, found ",
            excerpt(status));
  stored.reply.status = *known;
  for (const auto& [key, value] : kTexts)
    if (const auto found = object.find(key); found != object.end())
      stored.reply.*value = found->get<std::string>();
  for (const auto& [key, value] : kNumbers)
    if (const auto found = object.find(key); found != object.end())
      stored.reply.*value = whole_number(*found, key);
  return stored;
}

std::vector<StoredReply> replies_from_json(const Json& list) {
  UMM_CHECK(list.is_array(), "expected a list of a judge's replies, found ", list.type_name());
  std::vector<StoredReply> replies;
  for (const Json& object : list) {
    replies.push_back(from_json(object));
    const bool ascends = replies.size() == 1 || replies[replies.size() - 2].attempt < replies.back().attempt;
    UMM_CHECK(replies.back().attempt >= 0 && ascends,
              "expected a judge's replies in ascending order of attempt, from 0, found attempt ",
              replies.back().attempt, " as reply ", replies.size());
  }
  return replies;
}

bool holds_digit_or_brace(std::string_view text) {
  for (size_t position = 0; position < text.size();) {
    const char32_t code_point = next_code_point(text, position);
    if (code_point == '{' || decimal_digit(code_point)) return true;
  }
  return false;
}

}  // namespace

std::string evidence_text(const JudgeEvidence& evidence) {
  Json object = Json::object();
  for (const auto& [role, replies] : evidence) {
    Json& list = object[role] = Json::array();
    for (const StoredReply& reply : replies) list.push_back(to_json(reply));
  }
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

JudgeEvidence parse_judge_evidence(const std::string& text, const std::vector<std::string>& roles) {
  JudgeEvidence evidence;
  try {
    const Json value = json::parse_shallow(text);
    for (const std::string& role : roles) evidence[role] = replies_from_json(value.at(role));
    UMM_CHECK(value.size() == roles.size(), "expected a judge's replies in ", roles.size(), " roles, found ",
              value.size(), ": is this another benchmark's evidence?");
  } catch (const Json::exception& error) {
    throw Error(
        detail::concat("expected a judge's replies {role: [{\"text\", \"status\", \"attempt\", ...}]}, found "
                       "something else (",
                       error.what(), "): collect this picture's evidence again"));
  }
  return evidence;
}

std::vector<int64_t> attempts(const JudgeEvidence& evidence) {
  std::set<int64_t> all;
  for (const auto& [role, replies] : evidence) {
    for (const StoredReply& reply : replies) all.insert(reply.attempt);
  }
  return {all.begin(), all.end()};
}

const StoredReply* reply_at(const std::vector<StoredReply>& replies, int64_t attempt) {
  const auto later = std::find_if(replies.begin(), replies.end(),
                                  [&](const StoredReply& reply) { return reply.attempt > attempt; });
  return later == replies.begin() ? nullptr : &*std::prev(later);
}

ItemScore unscored(ScoreStatus status, std::string reason) {
  return {.reason = std::move(reason), .status = status};
}

std::optional<ItemScore> without_answer(const JudgeReply& reply) {
  if (reply.status == ReplyStatus::answered) return std::nullopt;
  const bool refused = reply.status == ReplyStatus::refused;
  std::string reason = reply.error;
  if (reason.empty()) reason = refused ? "the judge refused" : "no whole reply of the judge";
  return unscored(refused ? ScoreStatus::refused : ScoreStatus::failed, std::move(reason));
}

ItemScore without_score(const JudgeReply& reply, std::string_view answer, std::string problem) {
  const std::string& ended = reply.finish_reason;
  if (!ended.empty() && ended != "stop") problem += " (finish_reason " + ended + ")";
  if (ended == "length") return unscored(ScoreStatus::unparsable, std::move(problem));
  const bool refused = ended == "content_filter" || !holds_digit_or_brace(answer);
  return unscored(refused ? ScoreStatus::refused : ScoreStatus::unparsable, std::move(problem));
}

ItemScore first_scored(const JudgeEvidence& evidence,
                       const std::function<ItemScore(const JudgeReply&)>& score_answer) {
  ItemScore last = unscored(ScoreStatus::failed, "no reply of the judge");
  const auto replies = evidence.find(kSingleRole);
  if (replies == evidence.end()) return last;
  for (const auto& [reply, attempt] : replies->second) {
    auto none = without_answer(reply);
    last = none ? std::move(*none) : score_answer(reply);
    if (last.status == ScoreStatus::scored) break;
  }
  return last;
}

JudgeEvidence ask(Judge& judge, JudgeQuestions questions, int64_t rounds,
                  const std::function<bool(const JudgeEvidence&)>& can_be_scored) {
  JudgeEvidence evidence;
  for (int64_t attempt = 0; attempt < rounds; ++attempt) {
    bool any_failed = false;
    for (auto& [role, request] : questions) {
      request.attempt = attempt;
      evidence[role].push_back({judge.ask(request), attempt});
      any_failed = any_failed || evidence[role].back().reply.status == ReplyStatus::failed;
    }
    if (any_failed || can_be_scored(evidence)) break;
  }
  return evidence;
}

}  // namespace umm::evaluators
