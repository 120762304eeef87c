// ImgEdit-Bench's scores: pure functions of replies. Ye et al., ImgEdit (arXiv 2505.20275); behaviour of
// Benchmark/Basic and Benchmark/UGE at revision 547185d, and of BAGEL's and RecA's copies for `micro`.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

struct ScoredEdit {
  std::string type;             // "" in UGE
  std::optional<double> value;  // nothing: no reply, or none that parses
};

struct TypeMean {
  double value = 0;  // rounded to hundredths
  int64_t num_scored = 0;
  int64_t num_failed = 0;  // not in the mean
};

struct Summary {
  std::map<std::string, TypeMean> types;  // types without any scored edit are absent
  double macro9 = 0;                      // mean of the rounded type means, each alike; not rounded itself
  bool has_all_types = false;             // else macro9 is a mean of fewer than nine
  double micro = 0;                       // mean over edits, rounded to hundredths; in UGE the score
  int64_t num_scored = 0;
  int64_t num_failed = 0;
};

Summary summarize(std::span<const ScoredEdit> edits);

}  // namespace umm::imgedit
