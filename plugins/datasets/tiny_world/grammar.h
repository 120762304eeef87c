// The closed set of words and phrases that captions, questions and benchmark prompts are put together from.
// Lower-case words, one space between them, no punctuation: a word tokenizer needs nothing else.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "scene.h"

namespace umm::tiny_world {

enum class Relation { left_of, right_of, above, below };
inline constexpr int kNumRelations = 4;

const char* to_text(Relation relation);  // "left of", as GenEval's records say it

// Relations of `a` to `b`: one where they share a row or a column, two on a diagonal.
std::vector<Relation> relations(const Object& a, const Object& b);

inline constexpr int kAnyColor = -1;

// What a noun phrase says about `count` objects.
struct Noun {
  int shape = 0;
  int color = kAnyColor;
  int count = 1;
  bool number = false;  // "one circle", "two circles"; without it "a circle", "circles"
};

std::string to_text(const Noun& noun);

const char* place(int cell);  // "top left"

// Openings of a text-to-image prompt; the first is GenEval's "a photo of".
std::span<const char* const> openings();

// What is asked about a picture.
std::span<const char* const> questions();

// Every word that any caption, question or prompt of this world can hold, sorted.
std::vector<std::string> vocabulary();

}  // namespace umm::tiny_world
