// ImgEdit-Bench's scores: pure functions of replies. Ye et al., ImgEdit (arXiv 2505.20275); behaviour of
// Benchmark/Basic and Benchmark/UGE at revision 547185d, and of BAGEL's and RecA's copies for `micro`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "judge_evidence.h"

namespace umm::imgedit {

enum class Parser { reference, strict3 };
enum class Combine { mean, min };  // of a reply's numbers; published: mean

struct Rule {
  Parser parser = Parser::reference;
  Combine combine = Combine::mean;
  bool enforces_cap = false;  // with strict3: second and third number at most the first
};

struct ReplyScore {
  std::optional<double> value;   // rounded to hundredths; nothing: unparsable
  std::vector<int64_t> numbers;  // what it is made of
  std::string problem;           // why there is no value
};

// Throws InputError for a cap without strict3: the reference's numbers may be any number of any criteria.
void expect_possible(const Rule& rule);
ReplyScore score_reply(std::string_view reply, const Rule& rule);

// By the first reply that has numbers; else why the last one has none. The published code reads numbers out
// of replies that a filter cut, where they hold some; so does the reference parser, of those that a judge
// calls answered. `type`: of the edit; names the components where there are three numbers. "" in UGE.
ItemScore score(const evaluators::JudgeEvidence& evidence, const Rule& rule, const std::string& type);

enum class Overall {
  macro9,  // mean of the means of types, each alike
  micro    // mean over edits; in UGE the score
};

// Types (an item's tag) in the order of kTypes with their means, then "overall". UGE has no types and is
// micro. Nothing is rounded: intervals and tests are of means over edits. The published code prints the same
// means with two decimals.
std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images, Overall overall);

}  // namespace umm::imgedit
