#include "results/report/replies.h"

#include <fmt/format.h>

#include <algorithm>

namespace umm::results {
namespace {

using Json = nlohmann::json;

constexpr size_t kMostText = 4000, kMostName = 80;  // bytes of a reply, and of what its head says

std::string text_in(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

int64_t number_in(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<int64_t>() : 0;
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_reply(const Json& json) {
  return json.is_object() && json.contains("text") && json["text"].is_string() && json.contains("status") &&
         json["status"].is_string();
}

bool is_judged(const Json& evidence) {
  return evidence.is_object() && !evidence.empty() &&
         std::all_of(evidence.begin(), evidence.end(), [](const Json& replies) {
           return replies.is_array() && std::all_of(replies.begin(), replies.end(), is_reply);
         });
}

Reply judged(const std::string& role, const Json& reply, ReplyLists& lists) {
  Json head = {{"role", cut_text(role, kMostName)}};
  for (const auto& [name, key] : {std::pair("status", "status"), std::pair("model", "model"),
                                  std::pair("date", "date"), std::pair("finish", "finish_reason")})
    if (const std::string text = text_in(reply, key); !text.empty()) head[name] = cut_text(text, kMostName);
  for (const auto& [name, key] : {std::pair("attempt", "attempt"), std::pair("http", "http_status")})
    if (const int64_t number = number_in(reply, key); number != 0) head[name] = number;
  std::string text = text_in(reply, "text");
  if (const std::string error = text_in(reply, "error"); !error.empty())
    text += (text.empty() ? "" : "\n") + error;
  return {lists.heads.place(dumped(head)), lists.texts.place(cut_text(text, kMostText))};
}

// "1: yes, 2: no"
std::string answers_in(const Json& answers) {
  std::string out;
  for (const Json& one : answers) {
    if (!one.is_object()) continue;
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", number_in(one, "question"),
                       cut_text(text_in(one, "answer"), kMostName));
    if (out.size() > kMostText) break;
  }
  return out;
}

}  // namespace

std::string cut_text(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return std::string(text.substr(0, bytes)) + "\xE2\x80\xA6";
}

int64_t TextList::place(const std::string& text) {
  const auto [known, added] = places_.emplace(text, static_cast<int64_t>(texts_.size()));
  if (added) texts_.push_back(&known->first);
  return known->second;
}

Json TextList::json() const {
  Json list = Json::array();
  for (const std::string* text : texts_) list.push_back(*text);
  return list;
}

Json ReplyLists::json(size_t most_bytes) const {
  Json of_heads = Json::array(), of_texts = Json::array();
  for (const std::string* head : heads.texts()) of_heads.push_back(Json::parse(*head));
  for (const std::string* text : texts.texts()) of_texts.push_back(cut_text(*text, most_bytes));
  return {{"heads", of_heads}, {"texts", of_texts}};
}

std::vector<Reply> replies_in(const Json& evidence, const std::string& text, ReplyLists& lists) {
  std::vector<Reply> replies;
  if (is_judged(evidence)) {
    for (const auto& [role, of_role] : evidence.items())
      for (const Json& reply : of_role) replies.push_back(judged(role, reply, lists));
    return replies;
  }
  const auto answers = evidence.is_object() ? evidence.find("answers") : evidence.end();
  const bool answered = evidence.is_object() && answers != evidence.end() && answers->is_array();
  const std::string said = answered ? answers_in(*answers) : text.size() > 2 ? text : "";
  if (said.empty()) return {};
  const Json head = answered ? Json{{"role", "answers"}} : Json::object();
  return {{lists.heads.place(dumped(head)), lists.texts.place(cut_text(said, kMostText))}};
}

}  // namespace umm::results
