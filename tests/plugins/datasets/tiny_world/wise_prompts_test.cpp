#include "wise_prompts.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "statements.h"
#include "wise/record.h"

namespace umm::tiny_world {
namespace {

std::vector<wise::Record> read(uint64_t seed, int64_t per_category, wise::Generation generation) {
  std::string list;
  for (const std::string& record : make_wise_prompts(seed, per_category))
    list += (list.empty() ? "[" : ",") + record;
  return wise::parse_records(list + "]", generation, "tiny_world_wise");
}

TEST(WisePrompts, StandInTheCategoriesOfBothGenerations) {
  for (const auto generation : {wise::Generation::legacy, wise::Generation::verified}) {
    std::map<wise::Category, int64_t> categories;
    std::set<std::string> prompts;
    for (const wise::Record& record : read(0, kMostPerCategory, generation)) {
      ++categories[record.category];
      EXPECT_TRUE(prompts.insert(record.prompt).second) << record.prompt;
    }
    EXPECT_EQ(categories.size(), 6u);
    for (const auto& [category, number] : categories) EXPECT_EQ(number, kMostPerCategory);
  }
}

TEST(WisePrompts, AreExplainedByWhatTheOracleCanTell) {
  bool grass = false;
  for (const wise::Record& record : read(0, kMostPerCategory, wise::Generation::legacy)) {
    EXPECT_TRUE(find_statement(record.explanation)) << record.explanation;
    EXPECT_EQ(record.prompt.find(record.explanation), std::string::npos) << "says what is to be known";
    if (record.prompt != "a photo of a circle in the color of grass") continue;
    grass = true;
    EXPECT_EQ(record.explanation, "a green circle");
  }
  EXPECT_TRUE(grass);
}

TEST(WisePrompts, DependOnTheSeedAlone) {
  EXPECT_EQ(make_wise_prompts(1, 5), make_wise_prompts(1, 5));
  EXPECT_NE(make_wise_prompts(1, 5), make_wise_prompts(2, 5));
}

}  // namespace
}  // namespace umm::tiny_world
