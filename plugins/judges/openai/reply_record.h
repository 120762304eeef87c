// A stored reply: one line of JSON.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "umm/evidence.h"

namespace umm::openai {

struct ReplyKey {
  std::string request_hash = {};
  int64_t attempt = 0;
  auto operator<=>(const ReplyKey&) const = default;
};

struct ReplyRecord {
  ReplyKey key = {};
  std::string model = {};  // that was asked
  JudgeReply reply = {};
};

std::string to_line(const ReplyRecord& record);  // with its newline

// nullopt: it is no record of this format.
std::optional<ReplyRecord> record_of(std::string_view line);

}  // namespace umm::openai
