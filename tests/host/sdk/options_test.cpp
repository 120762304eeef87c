#include "umm/options.h"

#include <gtest/gtest.h>

#include "umm/error.h"

namespace umm {
namespace {

OptionSchema schema() {
  return OptionSchema()
      .integer("steps", 12, {1, 100}, "sampling steps")
      .number("scale", 1.5, {0, 10}, "guidance scale")
      .boolean("tied", true, "tied embeddings")
      .choice("preset", "tiny", {"tiny", "256"}, "size")
      .path("vocabulary", "", "word list");
}

TEST(Options, DefaultsThenValues) {
  const Options options(schema(), {{"steps", int64_t{50}}, {"preset", std::string("256")}});
  EXPECT_EQ(options.integer("steps"), 50);
  EXPECT_EQ(options.number("scale"), 1.5);
  EXPECT_TRUE(options.boolean("tied"));
  EXPECT_EQ(options.text("preset"), "256");
}

TEST(Options, AnIntegerIsANumberButNotTheReverse) {
  EXPECT_EQ(Options(schema(), {{"scale", int64_t{2}}}).number("scale"), 2.0);
  EXPECT_THROW(Options(schema(), {{"steps", 2.0}}), InputError);
}

TEST(Options, ProblemsNameExpectedAndFound) {
  const OptionSchema declared = schema();
  const auto problem = [&](const char* name, OptionValue value) {
    return declared.problem(*declared.find(name), value);
  };
  EXPECT_EQ(problem("steps", int64_t{100}), "");
  EXPECT_EQ(problem("steps", int64_t{101}), "101 is out of range [1, 100]");
  EXPECT_EQ(problem("steps", std::string("ten")), "expected an integer, found text ten");
  EXPECT_EQ(problem("preset", std::string("512")), "\"512\" is not one of: tiny, 256");
  EXPECT_NE(problem("scale", std::numeric_limits<double>::quiet_NaN()), "");
}

TEST(Options, UnknownNamesAreErrors) {
  EXPECT_THROW(Options(schema(), {{"stpes", int64_t{1}}}), InputError);
  EXPECT_THROW(Options(schema(), {}).integer("undeclared"), Error);
}

TEST(Options, EqualValuesPrintAlike) {
  EXPECT_EQ(to_text(OptionValue(4e-5)), to_text(OptionValue(0.00004)));
  EXPECT_EQ(to_text(Options(schema(), {{"scale", int64_t{2}}}).values().at("scale")),
            to_text(Options(schema(), {{"scale", 2.0}}).values().at("scale")));
}

}  // namespace
}  // namespace umm
