#include "json/options_json.h"

#include <gtest/gtest.h>

#include "umm/error.h"

namespace umm {
namespace {

using Json = nlohmann::json;

OptionSchema schema() {
  return OptionSchema()
      .boolean("tied", true, "tied embeddings")
      .integer("steps", 12, {}, "sampling steps")
      .number("scale", 1.5, {}, "guidance scale")
      .text("name", "", "a name")
      .path("vocabulary", "", "word list");
}

std::string problem(const Json& json) {
  try {
    option_values(schema(), json);
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

TEST(OptionsJson, ValuesComeBackAsTheyWere) {
  const Options options(schema(), {{"tied", false}, {"steps", int64_t{7}}, {"scale", 0.1 + 0.2}});
  const Json json = to_json(options);
  EXPECT_EQ(Options(schema(), option_values(schema(), json)).values(), options.values());
  EXPECT_EQ(Options(schema(), option_values(schema(), Json::parse(json.dump()))).values(), options.values());
}

TEST(OptionsJson, TheSchemaSaysTheTypeAndGivesNoValue) {
  const auto values = option_values(schema(), Json::parse(R"({"scale": 2, "steps": 3})"));
  ASSERT_EQ(values.size(), 2u);
  EXPECT_EQ(values.at("scale"), OptionValue(2.0));
  EXPECT_EQ(values.at("steps"), OptionValue(int64_t{3}));
}

TEST(OptionsJson, WhatDoesNotFitIsNamed) {
  EXPECT_EQ(problem({{"steps", 1.9}}), "option `steps`: expected an integer, found 1.9");
  EXPECT_EQ(problem({{"steps", 18446744073709551615u}}),
            "option `steps`: expected an integer, found 18446744073709551615");
  EXPECT_EQ(problem({{"scale", nullptr}}), "option `scale`: expected a number, found null");
  EXPECT_EQ(problem({{"tied", 1}}), "option `tied`: expected true or false, found 1");
  EXPECT_EQ(problem({{"vocabulary", false}}), "option `vocabulary`: expected a path, found false");
  EXPECT_EQ(problem({{"stpes", 3}}),
            "unknown option `stpes` = 3; expected: tied, steps, scale, name, vocabulary");
  EXPECT_EQ(problem(7), "expected options by their names, found 7");
}

}  // namespace
}  // namespace umm
