#include "reply_record.h"

#include <array>
#include "json/shallow.h"

namespace umm::openai {
namespace {

using json::Json;

constexpr int64_t kFormat = 1;
constexpr std::array kStored = {ReplyStatus::answered, ReplyStatus::refused, ReplyStatus::failed};

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
  const Json json = json::parse_or_discard(line);
  try {
    if (json.at("format") != kFormat) return std::nullopt;
    ReplyRecord record;
    json.at("request_hash").get_to(record.key.request_hash);
    json.at("attempt").get_to(record.key.attempt);
    json.at("model").get_to(record.model);
    JudgeReply& reply = record.reply;
    const auto status = json.at("status").get<std::string>();
    bool known = false;
    for (const ReplyStatus one : kStored)
      if (status == to_text(one)) reply.status = one, known = true;
    if (!known) return std::nullopt;
    json.at("text").get_to(reply.text);
    json.at("error").get_to(reply.error);
    json.at("reply_model").get_to(reply.model);
    json.at("fingerprint").get_to(reply.fingerprint);
    json.at("finish_reason").get_to(reply.finish_reason);
    reply.request_hash = record.key.request_hash;
    json.at("date").get_to(reply.date);
    json.at("tokens_in").get_to(reply.tokens_in);
    json.at("tokens_out").get_to(reply.tokens_out);
    json.at("http_status").get_to(reply.http_status);
    return record;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace umm::openai
