// From a judge's reply to numbers. Pure, linear in the reply's length; no text makes them throw.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace umm::imgedit {

// The numbers of a reply, or why it has none.
struct Numbers {
  std::vector<int64_t> values;
  std::string problem;  // "" exactly where `values` are the reply's

  bool ok() const { return problem.empty(); }
};

// As the published code (Benchmark/Basic/step1_get_avgscore.py at 547185d): the number of every line "name:
// digits". No range, no count. It fails where that code finds no number or stops with an exception: digits
// such as a superscript two that are no decimal ones. Numbers of 10^9 and more fail too.
Numbers parse_reference(std::string_view reply);

// Exactly three lines "name: number" with numbers from 1 to 5. Tolerated: bold and other marks of Markdown,
// list signs, "/5", a full stop, blanks missing or in excess, a full-width colon. A fourth such line, another
// number or another denominator fails.
Numbers parse_strict(std::string_view reply);

// The second and third number lowered to the first, as the prompts ask; the published code does not.
std::vector<int64_t> capped(std::vector<int64_t> three);

}  // namespace umm::imgedit
