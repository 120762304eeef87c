#include "grammar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "umm/error.h"

namespace umm::tiny_world {
namespace {

using testing::ElementsAre;

TEST(Grammar, NounPhrases) {
  EXPECT_EQ(to_text(Noun{.shape = 0}), "a circle");
  EXPECT_EQ(to_text(Noun{.shape = 0, .number = true}), "one circle");
  EXPECT_EQ(to_text(Noun{.shape = 1, .color = 3, .count = 2, .number = true}), "two blue squares");
  EXPECT_EQ(to_text(Noun{.shape = 3, .count = 3}), "crosses");
  EXPECT_THROW(to_text(Noun{.count = 5}), Error);
}

TEST(Grammar, RelationsFollowRowsAndColumns) {
  const Object top_left{0, 0, 0}, top_right{0, 0, 1}, bottom_left{0, 0, 2}, bottom_right{0, 0, 3};
  EXPECT_THAT(relations(top_left, top_right), ElementsAre(Relation::left_of));
  EXPECT_THAT(relations(bottom_right, bottom_left), ElementsAre(Relation::right_of));
  EXPECT_THAT(relations(top_left, bottom_left), ElementsAre(Relation::above));
  EXPECT_THAT(relations(bottom_left, top_right), ElementsAre(Relation::left_of, Relation::below));
}

TEST(Grammar, PlacesOfCells) {
  EXPECT_STREQ(place(0), "top left");
  EXPECT_STREQ(place(1), "top right");
  EXPECT_STREQ(place(2), "bottom left");
  EXPECT_STREQ(place(3), "bottom right");
  EXPECT_THROW(place(-1), Error);
  EXPECT_THROW(place(4), Error);
}

TEST(Grammar, VocabularyIsTheCommittedWordList) {
  std::ifstream file(UMM_SOURCE_DIR "/plugins/datasets/tiny_world/words.txt");
  std::vector<std::string> words;
  for (std::string line; std::getline(file, line);) words.push_back(line);
  EXPECT_EQ(vocabulary(), words) << "write vocabulary() into words.txt, one word a line";
}

TEST(Grammar, VocabularyIsSortedLowerCaseAndWithoutRepeats) {
  const auto words = vocabulary();
  EXPECT_TRUE(std::is_sorted(words.begin(), words.end()));
  EXPECT_EQ(std::adjacent_find(words.begin(), words.end()), words.end());
  for (const std::string& word : words) {
    EXPECT_TRUE(std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; })) << word;
  }
}

}  // namespace
}  // namespace umm::tiny_world
