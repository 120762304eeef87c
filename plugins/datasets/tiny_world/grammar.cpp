#include "grammar.h"

#include <set>
#include <sstream>
#include <string_view>

#include "catalog.h"
#include "umm/error.h"

namespace umm::tiny_world {
namespace {

constexpr const char* kOpenings[] = {"a photo of", "a picture of", "an image of", "a drawing of"};

constexpr const char* kQuestions[] = {
    "describe the image",
    "describe the picture",
    "describe all objects in the image",
    "describe each object and its place in the picture",
    "list every object with its color",
    "list what you see in this picture",
    "name the shapes and colors in the image",
    "name every object in this image",
    "tell me what is in the picture",
    "tell me what this image shows",
    "say what each object is and where it is",
    "what is in the image",
    "what does the picture show",
    "what do you see in this image",
    "which objects are in the picture and where are they",
    "write a detailed description of the image",
};

constexpr const char* kRelations[kNumRelations] = {"left of", "right of", "above", "below"};

constexpr const char* kNumbers[kNumCells] = {"one", "two", "three", "four"};

constexpr const char* kPlaces[kNumCells] = {"top left", "top right", "bottom left", "bottom right"};

std::string with_article(const std::string& words) {
  const bool vowel = std::string_view("aeiou").find(words.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + words;
}

}  // namespace

const char* to_text(Relation relation) {
  return kRelations[static_cast<int>(relation)];
}

std::vector<Relation> relations(const Object& a, const Object& b) {
  std::vector<Relation> found;
  if (a.column() < b.column()) found.push_back(Relation::left_of);
  if (a.column() > b.column()) found.push_back(Relation::right_of);
  if (a.row() < b.row()) found.push_back(Relation::above);
  if (a.row() > b.row()) found.push_back(Relation::below);
  return found;
}

std::string to_text(const Noun& noun) {
  UMM_CHECK(noun.count >= 1 && noun.count <= kNumCells, "a noun phrase names 1 to ", kNumCells,
            " objects, found ", noun.count);
  const auto& shape = shapes()[noun.shape];
  std::string words = noun.color == kAnyColor ? "" : std::string(colors()[noun.color].name) + " ";
  words += noun.count == 1 ? shape.name : shape.plural;
  if (noun.number) return std::string(kNumbers[noun.count - 1]) + " " + words;
  return noun.count == 1 ? with_article(words) : words;
}

const char* place(int cell) {
  UMM_CHECK(cell >= 0 && cell < kNumCells, "not a cell: ", cell);
  return kPlaces[cell];
}

std::span<const char* const> openings() {
  return kOpenings;
}

std::span<const char* const> questions() {
  return kQuestions;
}

std::vector<std::string> vocabulary() {
  std::set<std::string> words{"and"};
  const auto add = [&](const std::string& text) {
    std::istringstream stream(text);
    for (std::string word; stream >> word;) words.insert(word);
  };
  for (const char* text : kOpenings) add(text);
  for (const char* text : kQuestions) add(text);
  for (const char* text : kRelations) add(text);
  for (const char* text : kPlaces) add(text);
  for (int shape = 0; shape < static_cast<int>(shapes().size()); ++shape) {
    for (int color = kAnyColor; color < static_cast<int>(colors().size()); ++color) {
      add(to_text(Noun{shape, color}));
      for (int count = 1; count <= kNumCells; ++count) add(to_text(Noun{shape, color, count, true}));
    }
  }
  return {words.begin(), words.end()};
}

}  // namespace umm::tiny_world
