// ImgEdit-Bench's rules, see rules.h.
#include "rules.h"

#include <algorithm>
#include <numeric>

#include "items.h"
#include "reply.h"
#include "rounding.h"
#include "umm/error.h"

namespace umm::imgedit {
namespace {

using evaluators::round_to_hundredths;

struct Sum {
  double value = 0;
  int64_t num_scored = 0;
  int64_t num_failed = 0;

  void add(const std::optional<double>& score) {
    if (score) value += *score;
    ++(score ? num_scored : num_failed);
  }
  double mean() const {
    return num_scored == 0 ? 0 : round_to_hundredths(value / static_cast<double>(num_scored));
  }
};

}  // namespace

void expect_possible(const Rule& rule) {
  UMM_CHECK_INPUT(
      !rule.enforces_cap || rule.parser == Parser::strict3,
      "the cap by the first number needs the parser strict3: the reference parser may find any number "
      "of numbers, in which the first is not known to be the first criterion's");
}

ReplyScore score_reply(std::string_view reply, const Rule& rule) {
  Numbers found = rule.parser == Parser::strict3 ? parse_strict(reply) : parse_reference(reply);
  if (!found.ok()) return {.value = {}, .numbers = {}, .problem = std::move(found.problem)};
  if (rule.enforces_cap) found.values = capped(std::move(found.values));
  const std::vector<int64_t>& values = found.values;
  double value = static_cast<double>(*std::min_element(values.begin(), values.end()));
  if (rule.combine == Combine::mean) {
    const int64_t sum = std::accumulate(values.begin(), values.end(), int64_t{0});
    value = static_cast<double>(sum) / static_cast<double>(values.size());
  }
  return {.value = round_to_hundredths(value), .numbers = std::move(found.values), .problem = ""};
}

Summary summarize(std::span<const ScoredEdit> edits) {
  std::map<std::string, Sum> sums;
  Sum all;
  for (const ScoredEdit& edit : edits) {
    if (!edit.type.empty()) sums[edit.type].add(edit.value);
    all.add(edit.value);
  }
  Summary summary;
  double total = 0;
  for (const auto& [type, sum] : sums) {
    if (sum.num_scored == 0) continue;
    summary.types[type] = {.value = sum.mean(), .num_scored = sum.num_scored, .num_failed = sum.num_failed};
    total += summary.types[type].value;
  }
  if (!summary.types.empty()) summary.macro9 = total / static_cast<double>(summary.types.size());
  summary.has_all_types = std::all_of(kTypes.begin(), kTypes.end(),
                                      [&](const char* type) { return summary.types.contains(type); });
  summary.micro = all.mean();
  summary.num_scored = all.num_scored;
  summary.num_failed = all.num_failed;
  return summary;
}

}  // namespace umm::imgedit
