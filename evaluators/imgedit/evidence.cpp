// Replies as JSON, see evidence.h.
#include "evidence.h"

#include "json.h"
#include "python_text.h"
#include "umm/error.h"

namespace umm::imgedit {
namespace {

using evaluators::Json;

void put(Json& object, const char* key, const std::optional<int64_t>& number) {
  if (number) object[key] = *number;
}

void put(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

std::optional<int64_t> number_if_there(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  return found->get<int64_t>();
}

}  // namespace

std::string evidence_text(const JudgeCall& call) {
  Json object = {{"model", call.model},
                 {"finish_reason", call.finish_reason},
                 {"attempt", call.attempt},
                 {"http_status", call.http_status}};
  if (call.reply) object["reply"] = *call.reply;
  put(object, "tokens_in", call.tokens_in);
  put(object, "tokens_out", call.tokens_out);
  put(object, "latency_ms", call.latency_ms);
  put(object, "fingerprint", call.fingerprint);
  put(object, "request_sha256", call.request_sha256);
  put(object, "problem", call.problem);
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

JudgeCall parse_evidence(const std::string& text) {
  try {
    const Json object = Json::parse(text);
    JudgeCall call;
    if (object.contains("reply")) call.reply = object.at("reply").get<std::string>();
    call.model = object.at("model").get<std::string>();
    call.finish_reason = object.at("finish_reason").get<std::string>();
    call.attempt = object.at("attempt").get<int64_t>();
    call.http_status = object.at("http_status").get<int64_t>();
    call.tokens_in = number_if_there(object, "tokens_in");
    call.tokens_out = number_if_there(object, "tokens_out");
    call.latency_ms = number_if_there(object, "latency_ms");
    call.fingerprint = object.value("fingerprint", "");
    call.request_sha256 = object.value("request_sha256", "");
    call.problem = object.value("problem", "");
    return call;
  } catch (const Json::exception& error) {
    throw Error(
        detail::concat("expected ImgEdit-Bench evidence {\"reply\", \"model\", ...}, found something else (",
                       error.what(), "): collect this edit's evidence again"));
  }
}

EditScore score(const JudgeCall& call, const Rule& rule) {
  if (!call.reply) return {.status = Status::missing, .value = {}, .problem = call.problem};
  ReplyScore found = score_reply(*call.reply, rule);
  if (found.value) return {.status = Status::ok, .value = found.value, .problem = ""};
  const bool filtered = call.finish_reason == "content_filter" || evaluators::strip(*call.reply).empty();
  if (filtered) {
    return {
        .status = Status::refused, .value = {}, .problem = "the judge gave no answer: " + call.finish_reason};
  }
  return {.status = Status::unparsable, .value = {}, .problem = std::move(found.problem)};
}

}  // namespace umm::imgedit
