#include "json.h"

#include <gmock/gmock.h>

#include "umm/error.h"

namespace umm::evaluators {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string problem(const std::string& text) {
  try {
    parse_json(text, "x.json:3");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no InputError";
}

TEST(ParseJson, KeepsTheOrderOfTheOutermostKeys) {
  std::vector<std::string> keys;
  const Json object = parse_json(R"({"b": {"x": 1}, "a": [{"y": 2}], "c": 3})", "here", &keys);
  EXPECT_THAT(keys, ElementsAre("b", "a", "c"));
  EXPECT_EQ(object["b"]["x"], 1);
  EXPECT_EQ(object["a"][0]["y"], 2);
}

TEST(ParseJson, NamesThePlace) {
  EXPECT_THAT(problem(""), HasSubstr("x.json:3: expected one JSON object, found broken JSON at byte"));
  EXPECT_THAT(problem("{\"a\": \"\xFF\"}"), HasSubstr("broken JSON at byte"));
  EXPECT_THAT(problem(R"({"a": 1e999})"), HasSubstr("numbers that fit"));
  EXPECT_THAT(problem(R"([{"a": 1, "b": {"a": 2}, "a": 3}])"),
              HasSubstr("the key \"a\" is twice in one object"));
  EXPECT_EQ(problem(R"([{"a": 1}, {"a": 1}, {"b": {"a": 1}}])"), "no InputError");
}

// What prints or copies a value recurses: without a limit such a line would end the process.
TEST(ParseJson, LimitsItsDepth) {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(problem(nested(64)), "no InputError");
  EXPECT_THAT(problem(nested(65)), HasSubstr("at most 64 levels"));
  EXPECT_THAT(problem(nested(1'000'000)), HasSubstr("at most 64 levels"));
}

TEST(TextField, SaysWhatItFound) {
  const auto found = [](const char* text) {
    try {
      return text_field(Json::parse(text), "id", "here");
    } catch (const InputError& error) {
      return std::string(error.what());
    }
  };
  EXPECT_EQ(found(R"({"id": "x"})"), "x");
  EXPECT_THAT(found("[]"), HasSubstr("here: expected an object with \"id\", found []"));
  EXPECT_THAT(found("{}"), HasSubstr("expected a \"id\", found none in {}"));
  EXPECT_THAT(found(R"({"id": ""})"), HasSubstr("to be text, found \"\""));
  EXPECT_THAT(found(R"({"id": 3})"), HasSubstr("to be text, found 3"));
}

}  // namespace
}  // namespace umm::evaluators
