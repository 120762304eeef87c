// From a judge's reply to its scores, as mllm_output_to_dict() of VIEScore does: Ku et al., ACL 2024,
// arXiv 2312.14867; github.com/stepfun-ai/Step1X-Edit at revision 570eba6. Where that draws a random score,
// the reply is `refused`; where it would ask for ever, `unparsable`. Linear in the reply's length.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "umm/evaluator.h"

namespace umm::gedit {

struct ParsedReply {
  ScoreStatus status = ScoreStatus::scored;
  std::vector<double> scores;  // at least one if ok, in the judge's order; their range is not checked
  std::string reason;          // why it is not ok; "" if it is
};

ParsedReply parse_reply(std::string_view text);

// JSON with quotes around its keys, and brackets around numbers that are an object's values. What the
// reference tries on an object that it cannot use.
std::string repaired_json(std::string_view json);

}  // namespace umm::gedit
