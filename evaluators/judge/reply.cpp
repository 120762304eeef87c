#include "judge/reply.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "umm/error.h"

namespace umm::judge {
namespace {

using Json = nlohmann::json;

void add(Json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}

template <typename Number>
void add(Json& object, const char* key, const std::optional<Number>& value) {
  if (value) object[key] = *value;
}

Json to_json(const Reply& reply) {
  Json object = {{"text", reply.text}, {"attempt", reply.attempt}};
  add(object, "error", reply.error);
  add(object, "model", reply.model);
  add(object, "finish_reason", reply.finish_reason);
  add(object, "fingerprint", reply.fingerprint);
  add(object, "request_sha256", reply.request_sha256);
  add(object, "tokens_in", reply.tokens_in);
  add(object, "tokens_out", reply.tokens_out);
  add(object, "http_status", reply.http_status);
  add(object, "latency_ms", reply.latency_ms);
  return object;
}

void read(const Json& object, const char* key, std::string& value) {
  if (const auto found = object.find(key); found != object.end()) value = found->get<std::string>();
}

template <typename Number>
void read(const Json& object, const char* key, std::optional<Number>& value) {
  if (const auto found = object.find(key); found != object.end()) value = found->get<Number>();
}

Reply from_json(const Json& object) {
  Reply reply{.text = object.at("text").get<std::string>(), .attempt = object.at("attempt").get<int64_t>()};
  read(object, "error", reply.error);
  read(object, "model", reply.model);
  read(object, "finish_reason", reply.finish_reason);
  read(object, "fingerprint", reply.fingerprint);
  read(object, "request_sha256", reply.request_sha256);
  read(object, "tokens_in", reply.tokens_in);
  read(object, "tokens_out", reply.tokens_out);
  read(object, "http_status", reply.http_status);
  read(object, "latency_ms", reply.latency_ms);
  return reply;
}

std::vector<Reply> replies_from_json(const Json& list) {
  UMM_CHECK(list.is_array(), "expected a list of a judge's replies, found ", list.type_name());
  std::vector<Reply> replies;
  for (const Json& object : list) {
    replies.push_back(from_json(object));
    const bool ascends = replies.size() == 1 || replies[replies.size() - 2].attempt < replies.back().attempt;
    UMM_CHECK(replies.back().attempt >= 1 && ascends,
              "expected a judge's replies in ascending order of attempt, from 1, found attempt ",
              replies.back().attempt, " as reply ", replies.size());
  }
  return replies;
}

}  // namespace

std::string_view status_name(Status status) {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::unparsable:
      return "unparsable";
    case Status::refused:
      return "refused";
    case Status::error:
      break;
  }
  return "error";
}

std::string evidence_text(const Evidence& evidence) {
  Json object = Json::object();
  for (const auto& [role, replies] : evidence) {
    Json& list = object[role] = Json::array();
    for (const Reply& reply : replies) list.push_back(to_json(reply));
  }
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Evidence parse_evidence(const std::string& text, const std::vector<std::string>& roles) {
  Evidence evidence;
  try {
    const Json value = Json::parse(text);
    for (const std::string& role : roles) evidence[role] = replies_from_json(value.at(role));
    UMM_CHECK(value.size() == roles.size(), "expected a judge's replies in ", roles.size(), " roles, found ",
              value.size(), ": is this another benchmark's evidence?");
  } catch (const Json::exception& error) {
    throw Error(
        detail::concat("expected a judge's replies {role: [{\"text\", \"attempt\", ...}]}, found "
                       "something else (",
                       error.what(), "): collect this picture's evidence again"));
  }
  return evidence;
}

std::vector<int64_t> attempts(const Evidence& evidence) {
  std::set<int64_t> all;
  for (const auto& [role, replies] : evidence) {
    for (const Reply& reply : replies) all.insert(reply.attempt);
  }
  return {all.begin(), all.end()};
}

const Reply* reply_at(const std::vector<Reply>& replies, int64_t attempt) {
  const auto later = std::find_if(replies.begin(), replies.end(),
                                  [&](const Reply& reply) { return reply.attempt > attempt; });
  return later == replies.begin() ? nullptr : &*std::prev(later);
}

}  // namespace umm::judge
