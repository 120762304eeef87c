#include "statements.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "catalog.h"
#include "detector.h"

namespace umm::tiny_world {
namespace {

constexpr double kSeenScore = 0.3;

constexpr std::string_view kSingular = "is there ", kPlural = "are there ";

std::vector<Noun> single_nouns() {
  std::vector<Noun> nouns;
  for (int shape = 0; shape < static_cast<int>(shapes().size()); ++shape)
    for (int color = kAnyColor; color < static_cast<int>(colors().size()); ++color)
      nouns.push_back({shape, color});
  return nouns;
}

using Statements = std::map<std::string, Statement, std::less<>>;

Statements make_statements() {
  Statements statements;
  const auto add = [&](const Statement& statement) { statements.emplace(to_text(statement), statement); };
  for (const Noun& noun : single_nouns()) {
    add({.noun = noun});
    for (int count = 1; count <= kNumCells; ++count) add({.noun = {noun.shape, noun.color, count, true}});
    for (int cell = 0; cell < kNumCells; ++cell) add({.noun = noun, .cell = cell});
    for (const Noun& other : single_nouns())
      for (int relation = 0; relation < kNumRelations; ++relation)
        add({.noun = noun, .relation = static_cast<Relation>(relation), .other = other});
  }
  return statements;
}

bool fits(const Noun& noun, const SeenObject& seen, double least_score) {
  return seen.score > least_score && seen.object.shape == noun.shape &&
         (noun.color == kAnyColor || seen.object.color == noun.color);
}

bool is_related(const Statement& statement, const Object& object, std::span<const SeenObject> seen) {
  return std::any_of(seen.begin(), seen.end(), [&](const SeenObject& other) {
    const auto found = relations(object, other.object);
    return fits(statement.other, other, kSeenScore) &&
           std::count(found.begin(), found.end(), *statement.relation) > 0;
  });
}

}  // namespace

std::string to_text(const Statement& statement) {
  std::string text = to_text(statement.noun);
  if (statement.cell) text += std::string(" ") + place(*statement.cell);
  if (statement.relation)
    text += std::string(" ") + to_text(*statement.relation) + " " + to_text(statement.other);
  return text;
}

std::string question(const Statement& statement) {
  return (statement.noun.count == 1 ? "Is there " : "Are there ") + to_text(statement) + "?";
}

std::optional<Statement> find_statement(std::string_view text) {
  static const Statements statements = make_statements();
  const auto found = statements.find(text);
  return found == statements.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Statement> find_question(std::string_view text) {
  std::string words(text);
  for (char& c : words) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (words.ends_with('?')) words.pop_back();
  for (const std::string_view opening : {kSingular, kPlural})
    if (words.starts_with(opening)) return find_statement(std::string_view(words).substr(opening.size()));
  return std::nullopt;
}

std::vector<SeenObject> read_objects(const Image& image) {
  static const std::vector<std::string> color_names = [] {
    std::vector<std::string> names;
    for (const Color& color : colors()) names.emplace_back(color.name);
    return names;
  }();
  Oracle oracle;
  std::vector<SeenObject> seen;
  for (const Detection& detection : oracle.detect(image)) {
    const auto shape = std::find_if(shapes().begin(), shapes().end(),
                                    [&](const Shape& known) { return detection.label == known.name; });
    const auto scores = oracle.color_scores(image, detection, color_names);
    const bool right = detection.x1 + detection.x2 > static_cast<float>(image.width);
    const bool low = detection.y1 + detection.y2 > static_cast<float>(image.height);
    seen.push_back(
        {{.shape = static_cast<int>(shape - shapes().begin()),
          .color = static_cast<int>(std::max_element(scores.begin(), scores.end()) - scores.begin()),
          .cell = (low ? kGrid : 0) + (right ? 1 : 0)},
         detection.score});
  }
  return seen;
}

bool holds(const Statement& statement, std::span<const SeenObject> seen) {
  const Noun& noun = statement.noun;
  if (noun.number) {
    return noun.count == std::count_if(seen.begin(), seen.end(), [&](const SeenObject& object) {
             return fits(noun, object, kClearScore);
           });
  }
  return std::any_of(seen.begin(), seen.end(), [&](const SeenObject& found) {
    return fits(noun, found, kSeenScore) && (!statement.cell || found.object.cell == *statement.cell) &&
           (!statement.relation || is_related(statement, found.object, seen));
  });
}

}  // namespace umm::tiny_world
