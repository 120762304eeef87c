// Replies of a judge: each parser finds numbers or says why not, and scores stay in range.
#include <cstdlib>

#include "imgedit/evidence.h"
#include "imgedit/items.h"
#include "imgedit/reply.h"
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
    read_items(text, "fuzzed");
  } catch (const umm::InputError&) {
  }
  try {
    if (parse_evidence(evidence_text(parse_evidence(text))).model != parse_evidence(text).model) std::abort();
  } catch (const umm::Error&) {
  }
  return 0;
}
