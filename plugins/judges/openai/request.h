// What is sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "budget.h"
#include "umm/evidence.h"
#include "umm/options.h"

namespace umm::openai {

// All that can change a reply, besides what is asked.
struct Settings {
  std::string model = {};
  std::optional<double> temperature = {};  // absent: not sent
  int64_t max_tokens = 0;                  // 0: not sent
  std::string image_detail = {};           // "": not sent
  std::string extra = {};                  // a JSON object whose members join the body; "": none

  static void declare(OptionSchema& schema);
  static Settings from(const Options& options);  // InputError where they cannot be sent

  std::string text() const;  // all of them, "model=gpt-4.1 temperature=0"
};

struct Request {
  std::string body;  // JSON
  std::string hash;  // SHA-256 of the body, which holds neither key nor URL
  Tokens expected;   // a rough bound
};

// InputError where a part is no UTF-8.
Request make_request(const Settings& settings, const JudgeRequest& asked);

}  // namespace umm::openai
