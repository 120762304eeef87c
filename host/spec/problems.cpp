#include "spec/problems.h"

#include <algorithm>
#include <tuple>

namespace umm::spec {
namespace {

auto order(const Problem& problem) {
  return std::tuple(problem.at.source, problem.at.line, problem.at.column, std::string_view(problem.code));
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// Damerau-Levenshtein in its restricted form: no part is edited twice.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substitution = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

// What stands before the caret: tabs stay tabs, so that the caret lines up on any terminal.
std::string indentation(const std::string& line, int64_t column) {
  std::string blanks;
  int64_t passed = 1;
  for (size_t i = 0; i < line.size() && passed < column; ++i) {
    if ((line[i] & 0xC0) == 0x80) continue;
    blanks += line[i] == '\t' ? '\t' : ' ';
    ++passed;
  }
  blanks.append(static_cast<size_t>(std::max<int64_t>(0, column - passed)), ' ');
  return blanks;
}

}  // namespace

int Problems::add_source(std::string name, const std::string& text) {
  sources_.push_back(source_text(std::move(name), text));
  return static_cast<int>(sources_.size()) - 1;
}

std::string Problems::place(const Position& at) const {
  return sources_.at(static_cast<size_t>(at.source)).name + ":" + std::to_string(at.line) + ":" +
         std::to_string(at.column);
}

std::string Problems::place(const Position& at, const Position& from) const {
  if (at.source != from.source) return place(at);
  return "line " + std::to_string(at.line) + ", column " + std::to_string(at.column);
}

void Problems::add(Problem problem) {
  const bool known = std::any_of(problems_.begin(), problems_.end(), [&](const Problem& other) {
    return order(other) == order(problem) && other.message == problem.message;
  });
  if (!known && !muted_) problems_.push_back(std::move(problem));
}

bool Problems::any_error() const {
  return std::any_of(problems_.begin(), problems_.end(), [](const Problem& p) { return !p.is_warning(); });
}

bool Problems::any_error_in(int source) const {
  return std::any_of(problems_.begin(), problems_.end(),
                     [&](const Problem& p) { return !p.is_warning() && p.at.source == source; });
}

bool Problems::has(std::string_view code, int source) const {
  return std::any_of(problems_.begin(), problems_.end(),
                     [&](const Problem& p) { return p.code == code && p.at.source == source; });
}

std::vector<Problem> Problems::sorted() const {
  std::vector<Problem> result = problems_;
  std::sort(result.begin(), result.end(),
            [](const Problem& a, const Problem& b) { return order(a) < order(b); });
  return result;
}

std::string render(const Problem& problem, const std::vector<SourceText>& sources) {
  const SourceText& source = sources.at(static_cast<size_t>(problem.at.source));
  const std::string number = std::to_string(problem.at.line);
  const std::string gutter(std::max<size_t>(2, number.size()) + 1, ' ');
  std::string text =
      (problem.is_warning() ? "warning[" : "error[") + problem.code + "]: " + problem.message + "\n";
  text += gutter.substr(1) + "--> " + source.name;
  if (problem.at.line >= 1) text += ":" + number + ":" + std::to_string(problem.at.column);
  text += "\n";
  if (problem.at.line >= 1 && static_cast<size_t>(problem.at.line) <= source.lines.size()) {
    const std::string& line = source.lines[static_cast<size_t>(problem.at.line - 1)];
    const std::string carets(static_cast<size_t>(std::max<int64_t>(1, problem.at.width)), '^');
    text += gutter + "|\n";
    text += std::string(gutter.size() - 1 - number.size(), ' ') + number + " | " + line + "\n";
    text += gutter + "| " + indentation(line, problem.at.column) + carets;
    text += (problem.hint.empty() ? "" : " " + problem.hint) + "\n";
  } else if (!problem.hint.empty()) {
    text += gutter + "= " + problem.hint + "\n";
  }
  for (const std::string& note : problem.notes) text += gutter + "= " + note + "\n";
  text.pop_back();
  return text;
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  size_t best_distance = std::max<size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const size_t longer = std::max(word.size(), candidate.size());
    if (2 * longer - word.size() - candidate.size() >= best_distance) continue;
    const size_t edits = distance(lower(word), lower(candidate));
    if (edits < best_distance) {
      best = candidate;
      best_distance = edits;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string candidate = nearest(word, candidates);
  return candidate.empty() ? "" : "did you mean `" + candidate + "`?";
}

std::string join(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

}  // namespace umm::spec
