#include "reply_record.h"

#include <array>
#include <nlohmann/json.hpp>

namespace umm::openai {
namespace {

using Json = nlohmann::json;

constexpr int64_t kFormat = 1;
constexpr std::array kStored = {ReplyStatus::answered, ReplyStatus::refused};

}  // namespace

std::string to_line(const ReplyRecord& record) {
  const JudgeReply& reply = record.reply;
  const Json json = {{"format", kFormat},
                     {"request_hash", record.key.request_hash},
                     {"attempt", record.key.attempt},
                     {"model", record.model},
                     {"date", reply.date},
                     {"status", to_text(reply.status)},
                     {"text", reply.text},
                     {"error", reply.error},
                     {"reply_model", reply.model},
                     {"fingerprint", reply.fingerprint},
                     {"finish_reason", reply.finish_reason},
                     {"tokens_in", reply.tokens_in},
                     {"tokens_out", reply.tokens_out},
                     {"http_status", reply.http_status}};
  return json.dump() + "\n";
}

std::optional<ReplyRecord> record_of(std::string_view line) {
  try {
    const Json json = Json::parse(line);
    if (json.at("format") != kFormat) return std::nullopt;
    ReplyRecord record{.key = {json.at("request_hash"), json.at("attempt")}, .model = json.at("model")};
    JudgeReply& reply = record.reply;
    const std::string status = json.at("status");
    bool known = false;
    for (const ReplyStatus one : kStored)
      if (status == to_text(one)) reply.status = one, known = true;
    if (!known) return std::nullopt;
    reply.text = json.at("text");
    reply.error = json.at("error");
    reply.model = json.at("reply_model");
    reply.fingerprint = json.at("fingerprint");
    reply.finish_reason = json.at("finish_reason");
    reply.request_hash = record.key.request_hash;
    reply.date = json.at("date");
    reply.tokens_in = json.at("tokens_in");
    reply.tokens_out = json.at("tokens_out");
    reply.http_status = json.at("http_status");
    return record;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace umm::openai
