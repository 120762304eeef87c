// What a judge, a multimodal language model, replied: evidence of benchmarks that ask one.
//   evidence  {role: [reply, ...], ...}
//   reply     {"text", "attempt", "error"?, "model"?, "finish_reason"?, "fingerprint"?, "request_sha256"?,
//              "tokens_in"?, "tokens_out"?, "http_status"?, "latency_ms"?}
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace umm::judge {

// What has come of a question. Only `ok` has scores; nothing is ever put in the place of the others.
enum class Status {
  ok,
  unparsable,  // a reply that the rules cannot read
  refused,     // a reply that holds no judgement at all
  error,       // no reply: the judge could not be reached, or would not serve
};

std::string_view status_name(Status status);

struct Reply {
  std::string text = {};            // as received; "" with an error
  int64_t attempt = 1;              // from 1
  std::string error = {};           // why there is no text; "" if there is
  std::string model = {};           // as the server names what answered
  std::string finish_reason = {};   // "stop", "length", "content_filter", ...
  std::string fingerprint = {};     // of the server's configuration
  std::string request_sha256 = {};  // of the request's whole body
  std::optional<int64_t> tokens_in = {};
  std::optional<int64_t> tokens_out = {};
  std::optional<int64_t> http_status = {};
  std::optional<double> latency_ms = {};
};

// Replies of each role ("SC", "PQ", "single"), in ascending order of attempt.
using Evidence = std::map<std::string, std::vector<Reply>>;

// One JSON object. What is not UTF-8 in a text becomes U+FFFD.
std::string evidence_text(const Evidence& evidence);

// Throws Error where `text` is not what evidence_text() writes for just these roles.
Evidence parse_evidence(const std::string& text, const std::vector<std::string>& roles);

// The attempts at which a reply of some role came, ascending.
std::vector<int64_t> attempts(const Evidence& evidence);

// The reply of a role that holds at an attempt: the latest up to then; null if there is none.
const Reply* reply_at(const std::vector<Reply>& replies, int64_t attempt);

}  // namespace umm::judge
