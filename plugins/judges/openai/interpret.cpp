#include "interpret.h"

#include <array>

#include "body_json.h"
#include "umm/error.h"

namespace umm::openai {
namespace {

using json::Json;

// What lies at `path` (a JSON pointer) if it is a text; "" otherwise. Servers differ in what they leave out.
std::string text_at(const Json& json, const char* path) {
  const Json::json_pointer pointer(path);
  const bool there = json.is_structured() && json.contains(pointer) && json[pointer].is_string();
  return there ? json[pointer].get<std::string>() : "";
}

std::optional<double> count_at(const Json& json, const char* path) {
  const Json::json_pointer pointer(path);
  if (!json.contains(pointer) || !json[pointer].is_number()) return std::nullopt;
  const double count = json[pointer].get<double>();
  return count >= 0 && count < 1e12 ? std::optional(count) : std::nullopt;
}

std::optional<Tokens> tokens_of(const Json& json) {
  const auto in = count_at(json, "/usage/prompt_tokens"), out = count_at(json, "/usage/completion_tokens");
  if (!in) return std::nullopt;
  return Tokens{*in, out.value_or(0)};
}

// Text, or a list of parts with text; anything else is none.
std::string content_of(const Json& message) {
  const auto content = message.find("content");
  if (content == message.end()) return "";
  if (content->is_string()) return content->get<std::string>();
  std::string text;
  if (content->is_array())
    for (const Json& part : *content) text += text_at(part, "/text");
  return text;
}

// What was sent, for a message. JSON is written anew, without the escapes that a server may put anywhere.
std::string excerpt_of(const Exchange& exchange, const Json& json, const Secret& secret) {
  const bool is_json = !json.is_discarded();
  return excerpt(is_json ? json.dump(-1, ' ', false, Json::error_handler_t::replace) : exchange.body, secret);
}

// Where servers say what was wrong.
std::string message_of(const Exchange& exchange, const Json& json, const Secret& secret) {
  for (const char* path : {"/error/message", "/message", "/error", "/detail"})
    if (const std::string text = text_at(json, path); !text.empty()) return excerpt(text, secret);
  return excerpt_of(exchange, json, secret);
}

bool is_filter(const Json& json) {
  constexpr std::array kFilters = {"content_filter", "content_policy_violation", "moderation_blocked",
                                   "ResponsibleAIPolicyViolation"};
  for (const char* path : {"/error/code", "/error/type", "/error/innererror/code"})
    for (const char* filter : kFilters)
      if (text_at(json, path) == filter) return true;
  return false;
}

Meaning again(std::string problem, bool may_be_counted) {
  return {.verdict = Verdict::again, .problem = std::move(problem), .may_be_counted = may_be_counted};
}

Meaning hopeless(std::string problem) {
  return {.verdict = Verdict::hopeless, .problem = std::move(problem)};
}

Meaning final_failure(const Exchange& exchange, ReplyStatus status, std::string error) {
  Meaning meaning{.verdict = Verdict::reply};
  meaning.reply.status = status;
  meaning.reply.error = std::move(error);
  meaning.reply.http_status = exchange.status;
  return meaning;
}

Meaning interpret_success(const Exchange& exchange, const Json& json, const Secret& secret) {
  const Json::json_pointer kMessage("/choices/0/message");
  if (!json.is_object() || !json.contains(kMessage) || !json[kMessage].is_object()) {
    Meaning meaning = again("expected a chat completion, found " + excerpt_of(exchange, json, secret), true);
    if (json.is_object()) meaning.tokens = tokens_of(json);
    return meaning;
  }
  const Json& message = json[kMessage];
  Meaning meaning{.verdict = Verdict::reply, .tokens = tokens_of(json), .may_be_counted = true};
  JudgeReply& reply = meaning.reply;
  reply.text = secret.scrub(content_of(message));
  reply.model = secret.scrub(text_at(json, "/model"));
  reply.fingerprint = secret.scrub(text_at(json, "/system_fingerprint"));
  reply.finish_reason = secret.scrub(text_at(json, "/choices/0/finish_reason"));
  reply.http_status = exchange.status;
  if (meaning.tokens) {
    reply.tokens_in = static_cast<int64_t>(meaning.tokens->in);
    reply.tokens_out = static_cast<int64_t>(meaning.tokens->out);
  }
  const std::string refusal = text_at(message, "/refusal");
  if (!refusal.empty()) {
    reply.status = ReplyStatus::refused;
    reply.error = "the model refused: " + excerpt(refusal, secret);
  } else if (reply.finish_reason == "content_filter") {
    reply.status = ReplyStatus::refused;
    reply.error = "a content filter cut the reply";
  }
  return meaning;
}

constexpr const char* kNoCredit = "; the account has nothing left to pay with";

Meaning interpret_error(const Exchange& exchange, const Json& json, const Secret& secret) {
  const std::string status = "HTTP status " + std::to_string(exchange.status);
  const std::string said = status + ": " + message_of(exchange, json, secret);
  const std::string code = text_at(json, "/error/code");
  switch (exchange.status) {
    case 401:  // its message tends to hold parts of the key
      return hopeless(status +
                      ": the server does not know the key; look at resources.judge.key_variable or key_file");
    case 402:
      return hopeless(said + kNoCredit);
    case 403:
      return hopeless(said + "; the key may not use this server or model");
    case 404:
    case 405:
      return hopeless(said + "; look at resources.judge.url and at the judge's option `model`");
    case 408:
    case 409:
    case 425:
      return again(said, false);
    case 429:
      if (code == "insufficient_quota" || text_at(json, "/error/type") == "insufficient_quota")
        return hopeless(said + kNoCredit);
      return again(said, false);
    default:
      break;
  }
  if (exchange.status >= 500) return again(said, false);
  if (is_filter(json))
    return final_failure(exchange, ReplyStatus::refused, "a content filter refused the request: " + said);
  return final_failure(exchange, ReplyStatus::failed, said);
}

}  // namespace

Meaning interpret(const Exchange& exchange, const Secret& secret) {
  const std::string problem = excerpt(exchange.problem, secret);
  switch (exchange.delivery) {
    case Delivery::unreachable:
      return again("the server is not reached: " + problem, false);
    case Delivery::untrusted:
      return hopeless("the server's certificate is not trusted: " + problem +
                      "; where it is the right server, name its authority's file in SSL_CERT_FILE");
    case Delivery::timed_out:
    case Delivery::cut:
      return again("no whole reply: " + problem, true);
    case Delivery::too_long: {
      Meaning meaning = final_failure(
          exchange, ReplyStatus::failed,
          detail::concat("the reply is longer than ", Transport::kLongestBody, " bytes, and was dropped"));
      meaning.may_be_counted = true;
      return meaning;
    }
    case Delivery::whole:
      break;
  }
  if (exchange.status >= 300 && exchange.status < 400)
    return hopeless(detail::concat(
        "HTTP status ", exchange.status, ": the server sends one on to ", excerpt(exchange.redirect, secret),
        ", which is not followed, as the key would go along; if that is right, set "
        "resources.judge.url to it"));
  const Json json = body_json(exchange.body);
  if (exchange.status >= 200 && exchange.status < 300) return interpret_success(exchange, json, secret);
  return interpret_error(exchange, json, secret);
}

}  // namespace umm::openai
