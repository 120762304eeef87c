#include "request.h"

#include <nlohmann/json.hpp>

#include "images/encode.h"
#include "umm/error.h"
#include "umm/sha256.h"

namespace umm::openai {
namespace {

using Json = nlohmann::json;

constexpr double kNotSent = -1;

// Of the budget: bytes of words for a token, which is few; tokens of a picture at high detail; tokens of a
// reply that nothing limits.
constexpr double kBytesPerToken = 3, kTokensPerPicture = 1500, kTokensPerReply = 1000;

Json extra_members(const std::string& extra) {
  if (extra.empty()) return Json::object();
  Json members = Json::parse(extra, nullptr, /*allow_exceptions=*/false);
  UMM_CHECK_INPUT(members.is_object(), "judge openai: option `extra`: expected a JSON object, found ", extra);
  for (const char* taken : {"model", "messages", "temperature", "max_tokens", "stream", "n"})
    UMM_CHECK_INPUT(!members.contains(taken), "judge openai: option `extra` must not hold \"", taken,
                    "\", which the judge sets itself, or cannot read the reply to");
  return members;
}

double longest_reply(const Settings& settings, const Json& body) {
  if (settings.max_tokens > 0) return static_cast<double>(settings.max_tokens);
  const Json limit = body.value("max_completion_tokens", Json());
  return limit.is_number() && limit.get<double>() > 0 ? limit.get<double>() : kTokensPerReply;
}

Json content_of(const Settings& settings, const JudgePart& part, Tokens& expected) {
  if (part.media_type.empty()) {
    UMM_CHECK(part.bytes.empty(), "a judge is shown a picture whose media type is not told");
    expected.in += static_cast<double>(part.text.size()) / kBytesPerToken;
    return {{"type", "text"}, {"text", part.text}};
  }
  expected.in += kTokensPerPicture;
  const auto* bytes = reinterpret_cast<const uint8_t*>(part.bytes.data());
  Json picture = {
      {"url", "data:" + part.media_type + ";base64," + images::base64({bytes, part.bytes.size()})}};
  if (!settings.image_detail.empty()) picture["detail"] = settings.image_detail;
  return {{"type", "image_url"}, {"image_url", std::move(picture)}};
}

}  // namespace

void Settings::declare(OptionSchema& schema) {
  schema.text("model", "", "that replies, as the server names it: \"gpt-4.1-2025-04-14\"")
      .number("temperature", kNotSent, {kNotSent, 2}, "-1: not sent, so the server's own")
      .integer("max_tokens", 0, {0, 1 << 20}, "of a reply, at most; 0: not sent, so the server's own")
      .choice("image_detail", "none", {"none", "auto", "low", "high"},
              "how finely pictures are looked at; none: not sent")
      .text("extra", "", "JSON object whose members join each request: {\"seed\": 1}");
}

Settings Settings::from(const Options& options) {
  Settings settings{.model = options.text("model"),
                    .max_tokens = options.integer("max_tokens"),
                    .image_detail = options.text("image_detail"),
                    .extra = options.text("extra")};
  if (settings.image_detail == "none") settings.image_detail.clear();
  const double temperature = options.number("temperature");
  UMM_CHECK_INPUT(temperature == kNotSent || temperature >= 0,
                  "judge openai: option `temperature`: expected 0 to 2, or -1, found ", temperature);
  if (temperature >= 0) settings.temperature = temperature;
  const Json extra = extra_members(settings.extra);
  settings.extra = extra.empty() ? "" : extra.dump();  // however it was written
  return settings;
}

std::string Settings::text() const {
  std::string text = "model=" + model;
  if (temperature) text += " temperature=" + to_text(OptionValue(*temperature));
  if (max_tokens > 0) text += " max_tokens=" + std::to_string(max_tokens);
  if (!image_detail.empty()) text += " image_detail=" + image_detail;
  if (!extra.empty()) text += " extra=" + extra;
  return text;
}

Request make_request(const Settings& settings, const JudgeRequest& asked) {
  Request request;
  Json body = extra_members(settings.extra);
  body["model"] = settings.model;
  if (settings.temperature) body["temperature"] = *settings.temperature;
  if (settings.max_tokens > 0) body["max_tokens"] = settings.max_tokens;
  request.expected = {.in = static_cast<double>(asked.system.size()) / kBytesPerToken + 1,
                      .out = longest_reply(settings, body)};
  Json messages = Json::array();
  if (!asked.system.empty()) messages.push_back({{"role", "system"}, {"content", asked.system}});
  Json content = Json::array();
  for (const JudgePart& part : asked.parts) content.push_back(content_of(settings, part, request.expected));
  messages.push_back({{"role", "user"}, {"content", std::move(content)}});
  body["messages"] = std::move(messages);
  try {
    request.body = body.dump();
  } catch (const Json::type_error&) {
    throw InputError("a judge is asked in words that are not UTF-8; look at the prompts' file");
  }
  request.hash = sha256(request.body);
  return request;
}

}  // namespace umm::openai
