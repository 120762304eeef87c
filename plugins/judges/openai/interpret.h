// What an exchange means: a reply, a reason to ask again, or that asking on is no use.
#pragma once

#include <optional>
#include <string>

#include "budget.h"
#include "secret.h"
#include "transport.h"
#include "umm/evidence.h"

namespace umm::openai {

enum class Verdict {
  reply,  // final: answered, refused, or failed in a way that would only repeat itself
  again,
  hopeless  // for all requests
};

struct Meaning {
  Verdict verdict = Verdict::again;
  JudgeReply reply = {};              // of Verdict::reply, without hash and date
  std::string problem = {};           // of the others: one line, without the key
  std::optional<Tokens> tokens = {};  // as the server counted them
  bool may_be_counted = false;        // where it did not say
};

// Rationale: finish_reason "length" is an answer that says so. Whether its half is worth a score differs
// between benchmarks' rules, and asking again would be paid again.
Meaning interpret(const Exchange& exchange, const Secret& secret);

}  // namespace umm::openai
