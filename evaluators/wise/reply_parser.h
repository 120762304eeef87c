// From a judge's reply to its scores, as WISE's scripts do: Niu et al., "WISE: A World Knowledge-Informed
// Semantic Evaluation for Text-to-Image Generation", arXiv 2503.07265; github.com/PKU-YuanGroup/WISE at
// revision eb51174 and RecA's Benchmark/wise at b250aa1. Linear in the reply's length.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace umm::wise {

// 0..9 as written, so beyond the protocol's 0..2 too; none where the reply does not say.
struct ThreeScores {
  std::optional<int> consistency;
  std::optional<int> realism;
  std::optional<int> aesthetic_quality;
};

enum class Dialect {
  upstream,  // the legacy set's; where no score is named, the first three lines that are a lone 0, 1 or 2
  reca,      // BAGEL's and RecA's: the full-width colon too, and no such lines
};

// Of a score named more than once, the last counts.
ThreeScores parse_three_scores(std::string_view text, Dialect dialect);

// The verified set's: the first "Score: 0" or "Score: 1"; without one, the only line that is a lone 0 or 1.
std::optional<int> parse_binary_score(std::string_view text);

// A reply without what stands in <think> tags, as the verified set's script cleans it before it is parsed.
std::string without_thoughts(std::string_view text);

}  // namespace umm::wise
