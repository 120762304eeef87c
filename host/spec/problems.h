// What is wrong with a spec: collected in one pass, shown with the line it stands on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spec/source.h"

namespace umm::spec {

struct Problem {
  std::string code;  // S1xx is an error, S2xx a warning
  Position at;
  std::string message;
  std::string hint;                // beside the caret: "did you mean `steps`?"
  std::vector<std::string> notes;  // below it

  bool is_warning() const { return code.starts_with("S2"); }
};

class Problems {
 public:
  // The source's index: what a Position refers to.
  int add_source(std::string name, const std::string& text);
  const std::vector<SourceText>& sources() const { return sources_; }

  // "sweep.toml:12:5"
  std::string place(const Position& at) const;

  // The same for a note to a message that shows `from`: "line 12, column 5" where the file is the same.
  std::string place(const Position& at, const Position& from) const;

  // Runs of one sweep share their mistakes: the first of equal code, place and message is kept.
  void add(Problem problem);

  // Nothing is added for a while.
  void set_muted(bool muted) { muted_ = muted; }
  bool muted() const { return muted_; }

  bool any_error() const;
  bool any_error_in(int source) const;
  bool has(std::string_view code, int source) const;

  // In the order of the sources, their lines and columns.
  std::vector<Problem> sorted() const;

 private:
  std::vector<SourceText> sources_;
  std::vector<Problem> problems_;
  bool muted_ = false;
};

//   error[S101]: unknown key `stpes` in [base.train]
//     --> sweep.toml:16:1
//      |
//   16 | stpes = 1000
//      | ^^^^^ did you mean `steps`?
//      = known keys here: steps, precision
std::string render(const Problem& problem, const std::vector<SourceText>& sources);

// The candidate that `word` is probably a misspelling of: at most max(1, length / 3) insertions, deletions,
// substitutions or swaps of neighbours away, whatever its case; "" if there is none.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// "did you mean `reca`?", or "" where nearest() finds nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

std::string join(const std::vector<std::string>& words, std::string_view separator = ", ");

}  // namespace umm::spec
