// ImgEdit-Bench's rules, see rules.h.
#include "rules.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "items.h"
#include "prompts.h"
#include "reply.h"
#include "rounding.h"
#include "umm/error.h"

namespace umm::imgedit {
namespace {

using evaluators::round_to_hundredths;

ItemScore score_answer(const JudgeReply& reply, const Rule& rule, const std::string& type) {
  const ReplyScore found = score_reply(reply.text, rule);
  if (!found.value) return evaluators::without_score(reply, reply.text, found.problem);
  ItemScore score{.value = *found.value};
  if (!type.empty() && found.numbers.size() == 3)
    for (size_t i = 0; i < 3; ++i)
      score.components.emplace_back(criteria(type)[i], static_cast<double>(found.numbers[i]));
  return score;
}

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

ItemScore score(const evaluators::JudgeEvidence& evidence, const Rule& rule, const std::string& type) {
  return evaluators::first_scored(evidence,
                                  [&](const JudgeReply& reply) { return score_answer(reply, rule, type); });
}

std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images, Overall overall) {
  UMM_CHECK(!images.empty(), "expected scored edits to aggregate, found none");
  std::map<std::string, ScoreMean> by_type;
  ScoreMean all;
  for (const ScoredImage& image : images) {
    by_type[image.item->tag].add(image.score);
    all.add(image.score);
  }
  if (all.empty()) return {};
  std::vector<NamedScore> scores;
  ScoreMean types;
  for (const char* type : kTypes) {
    const auto found = by_type.find(type);
    if (found == by_type.end()) continue;
    if (!found->second.empty()) scores.push_back(found->second.named(type));
    types.add(found->second);
  }
  const bool has_types = !types.empty();
  scores.push_back((overall == Overall::macro9 && has_types ? types : all).named("overall"));
  return scores;
}

}  // namespace umm::imgedit
