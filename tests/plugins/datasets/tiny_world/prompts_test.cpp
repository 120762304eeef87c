#include "prompts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "catalog.h"
#include "grammar.h"

namespace umm::tiny_world {
namespace {

using Json = nlohmann::ordered_json;

std::string prompt_with(const std::vector<std::string>& records, const std::string& prompt) {
  for (const std::string& record : records) {
    if (Json::parse(record)["prompt"] == prompt) return record;
  }
  return "";
}

TEST(Prompts, ThirtyOfEachOfSixTagsAndNoneTwice) {
  std::map<std::string, int> tags;
  std::set<std::string> prompts;
  const auto words = vocabulary();
  for (const std::string& record : make_prompts(0, 30)) {
    const Json json = Json::parse(record);
    ++tags[json["tag"]];
    EXPECT_TRUE(prompts.insert(json["prompt"]).second) << json["prompt"];
    std::istringstream stream(json["prompt"].get<std::string>());
    for (std::string word; stream >> word;) {
      EXPECT_TRUE(std::binary_search(words.begin(), words.end(), word)) << word;
    }
  }
  EXPECT_EQ(tags, (std::map<std::string, int>{{"single_object", 30},
                                              {"two_object", 30},
                                              {"counting", 30},
                                              {"colors", 30},
                                              {"position", 30},
                                              {"color_attr", 30}}));
}

TEST(Prompts, DependOnTheSeedAlone) {
  EXPECT_EQ(make_prompts(7, 30), make_prompts(7, 30));
  EXPECT_NE(make_prompts(7, 30), make_prompts(8, 30));
}

TEST(Prompts, RecordsAreGenEvals) {
  const auto records = make_prompts(0, 1000);
  EXPECT_EQ(
      prompt_with(records, "a photo of a circle"),
      R"({"tag":"single_object","include":[{"class":"circle","count":1}],"prompt":"a photo of a circle"})");
  EXPECT_EQ(prompt_with(records, "a photo of a ring and a square"),
            R"({"tag":"two_object","include":[{"class":"ring","count":1},{"class":"square","count":1}],)"
            R"("prompt":"a photo of a ring and a square"})");
  EXPECT_EQ(
      prompt_with(records, "a photo of three crosses"),
      R"({"tag":"counting","include":[{"class":"cross","count":3}],"exclude":[{"class":"cross","count":4}],)"
      R"("prompt":"a photo of three crosses"})");
  EXPECT_EQ(prompt_with(records, "a photo of a white triangle"),
            R"({"tag":"colors","include":[{"class":"triangle","count":1,"color":"white"}],)"
            R"("prompt":"a photo of a white triangle"})");
  EXPECT_EQ(prompt_with(records, "a photo of a circle left of a square"),
            R"({"tag":"position","include":[{"class":"square","count":1},)"
            R"({"class":"circle","count":1,"position":["left of",0]}],)"
            R"("prompt":"a photo of a circle left of a square"})");
  EXPECT_EQ(
      prompt_with(records, "a photo of a red ring and a blue cross"),
      R"({"tag":"color_attr","include":[{"class":"ring","count":1,"color":"red"},)"
      R"({"class":"cross","count":1,"color":"blue"}],"prompt":"a photo of a red ring and a blue cross"})");
}

TEST(Prompts, OtherOpeningsOnlyWhereFactsRunOut) {
  for (const std::string& record : make_prompts(3, 30)) {
    const Json json = Json::parse(record);
    const std::string tag = json["tag"], prompt = json["prompt"];
    if (tag == "colors" || tag == "position" || tag == "color_attr") {
      EXPECT_TRUE(prompt.starts_with("a photo of ")) << prompt;
    }
  }
}

}  // namespace
}  // namespace umm::tiny_world
