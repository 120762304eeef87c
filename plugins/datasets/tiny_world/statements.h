// What can be said of a picture with "there is", from the grammar's own phrases: a closed set that questions
// about dense prompts and explanations of prompts are made of, and that can be told true or false.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "grammar.h"
#include "scene.h"
#include "umm/image.h"

namespace umm::tiny_world {

// "a circle", "a red circle", "two red circles", "a red circle top left", "a red circle left of a square"
struct Statement {
  Noun noun = {};  // one object, or several and their number
  std::optional<int> cell = {};
  std::optional<Relation> relation = {};  // to `other`
  Noun other = {};
};

std::string to_text(const Statement& statement);

// "Is there a red circle?", "Are there two red circles?"
std::string question(const Statement& statement);

// The statement with this text; that with this question, whatever its case. None where the world has none.
std::optional<Statement> find_statement(std::string_view text);
std::optional<Statement> find_question(std::string_view text);

struct SeenObject {
  Object object = {};
  double score = 0;  // the oracle's
};

// Every object that the oracle finds, in the cell that its box's centre lies in: several may be in one.
std::vector<SeenObject> read_objects(const Image& image);

// Objects count above the scores that GenEval's rules take: 0.3, and 0.9 where a number is said, which must
// be the exact one.
bool holds(const Statement& statement, std::span<const SeenObject> seen);

inline constexpr double kClearScore = 0.9;

}  // namespace umm::tiny_world
