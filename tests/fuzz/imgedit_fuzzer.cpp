// Replies of a judge: each parser finds numbers or says why not, and scores stay in range.
#include <cstdlib>

#include "imgedit/items.h"
#include "imgedit/reply.h"
#include "imgedit/rules.h"
#include "umm/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace umm::imgedit;
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const Parser parser : {Parser::reference, Parser::strict3}) {
    const ReplyScore score = score_reply(text, {.parser = parser});
    if (score.value.has_value() != score.problem.empty()) std::abort();
    if (score.value && parser == Parser::strict3 && (*score.value < 1 || *score.value > 5)) std::abort();
    if (score.value && parser == Parser::strict3 && score.numbers.size() != 3) std::abort();
  }
  try {
    read_items(text, Suite::basic, "fuzzed");
  } catch (const umm::InputError&) {
  }
  try {
    using namespace umm::evaluators;
    const JudgeEvidence evidence = parse_judge_evidence(text, {kSingleRole});
    const std::string written = evidence_text(evidence);
    if (evidence_text(parse_judge_evidence(written, {kSingleRole})) != written) std::abort();
    if (umm::imgedit::score(evidence, {}, "add").value < 0) std::abort();
  } catch (const umm::Error&) {
  }
  return 0;
}
