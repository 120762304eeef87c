// What a judge replied about one edit, as one JSON object:
//   {"reply": "...", "model": "gpt-4.1-2025-04-14", "finish_reason": "stop", "attempt": 1,
//    "http_status": 200, "tokens_in"?: 2100, "tokens_out"?: 60, "latency_ms"?: 900, "fingerprint"?: "fp_1",
//    "request_sha256"?: "..."}
// `reply` is absent where there was none (a missing picture, a refused request); "problem" then says why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rules.h"

namespace umm::imgedit {

struct JudgeCall {
  std::optional<std::string> reply;  // as it came
  std::string model;                 // as the server names it
  std::string finish_reason;         // "stop", "length", "content_filter"
  int64_t attempt = 1;
  int64_t http_status = 0;  // 0: the request did not go out
  std::optional<int64_t> tokens_in, tokens_out, latency_ms;
  std::string fingerprint;     // "" where the server gives none
  std::string request_sha256;  // of the whole body
  std::string problem;         // "" with a reply
};

// A reply that is not UTF-8 is stored with U+FFFD in the place of what is wrong.
std::string evidence_text(const JudgeCall& call);

// Throws Error where `text` is not what evidence_text() writes.
JudgeCall parse_evidence(const std::string& text);

enum class Status { ok, unparsable, refused, missing };

struct EditScore {
  Status status = Status::missing;
  std::optional<double> value;  // exactly where the status is ok
  std::string problem;
};

// refused: the judge's filter stopped it, or its reply is empty. missing: no reply. The published code reads
// numbers out of a filtered reply too, where it holds some; so does the reference parser.
EditScore score(const JudgeCall& call, const Rule& rule);

}  // namespace umm::imgedit
