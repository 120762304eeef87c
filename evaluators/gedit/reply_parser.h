// From a judge's reply to its scores, as mllm_output_to_dict() of VIEScore does: Ku et al., ACL 2024,
// arXiv 2312.14867; github.com/stepfun-ai/Step1X-Edit at revision 570eba6. Where that draws a random score,
// or would ask for ever, there is none. Linear in the reply's length.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace umm::gedit {

enum class Found { scores, none, rate_limit };

struct ParsedReply {
  Found found = Found::scores;
  std::vector<double> scores = {};  // where found at least one, in the judge's order, of whatever range
  std::string reason = {};          // why there is none; "" where there is
};

ParsedReply parse_reply(std::string_view text);

// JSON with quotes around its keys, and brackets around numbers that are an object's values. What the
// reference tries on an object that it cannot use.
std::string repaired_json(std::string_view json);

}  // namespace umm::gedit
