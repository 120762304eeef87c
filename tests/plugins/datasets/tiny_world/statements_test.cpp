#include "statements.h"

#include <gtest/gtest.h>

#include "catalog.h"
#include "pictures.h"

namespace umm::tiny_world {
namespace {

// Red circle top left, red circle bottom right, blue square top right.
const Scene kScene{{{0, 0, 0}, {1, 3, 1}, {0, 0, 3}}};

bool is_so(const std::string& text) {
  const auto statement = find_statement(text);
  if (!statement) ADD_FAILURE() << "not a statement: " << text;
  return statement && holds(*statement, read_objects(render(kScene, 32)));
}

TEST(Statements, AreTrueOfWhatThePictureShows) {
  for (const char* text :
       {"a circle", "a red circle", "two circles", "two red circles", "one square", "a square top right",
        "a red circle bottom right", "a circle left of a square", "a blue square above a red circle",
        "a circle above a circle", "a red circle right of a circle"}) {
    EXPECT_TRUE(is_so(text)) << text;
  }
}

TEST(Statements, AreFalseOfAnythingElse) {
  for (const char* text :
       {"a ring", "a blue circle", "one circle", "three circles", "two blue squares", "a square top left",
        "a blue square bottom right", "a square left of a circle", "a circle left of a red square",
        "a blue square below a circle", "a square right of a square"}) {
    EXPECT_FALSE(is_so(text)) << text;
  }
}

TEST(Statements, ThatAreUnclearCountWithoutTheirNumberAlone) {
  const std::vector<SeenObject> seen = {{{0, 0, 0}, 0.5}, {{0, 0, 1}, 0.95}, {{1, 0, 2}, 0.2}};
  EXPECT_TRUE(holds({.noun = {0, 0}, .cell = 0}, seen));
  EXPECT_TRUE(holds({.noun = {0, 0, 1, true}}, seen)) << "the other is not clear";
  EXPECT_FALSE(holds({.noun = {0, 0, 2, true}}, seen));
  EXPECT_FALSE(holds({.noun = {1, 0}}, seen)) << "seen too little of";
}

TEST(Statements, AreFoundByTextAndQuestion) {
  for (const char* text : {"a circle", "four white crosses", "a ring top left", "a red ring below a ring"}) {
    const auto statement = find_statement(text);
    ASSERT_TRUE(statement) << text;
    EXPECT_EQ(to_text(*statement), text);
    const auto asked = find_question(question(*statement));
    ASSERT_TRUE(asked) << question(*statement);
    EXPECT_EQ(to_text(*asked), text);
  }
  EXPECT_EQ(question(*find_statement("two red circles")), "Are there two red circles?");
  EXPECT_EQ(question(*find_statement("one red circle")), "Is there one red circle?");
  EXPECT_TRUE(find_question("is there a red circle"));
  for (const char* text : {"", "?", "a circle", "Is there", "Is there a dog?", "Is there a circle top?",
                           "Is there a red circle left of?", "describe the image"})
    EXPECT_FALSE(find_question(text)) << text;
}

}  // namespace
}  // namespace umm::tiny_world
