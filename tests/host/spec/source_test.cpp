#include "spec/source.h"

#include <gtest/gtest.h>

#include "spec/problems.h"

namespace umm::spec {
namespace {

std::string place(const Position& at) {
  return std::to_string(at.line) + ":" + std::to_string(at.column) + "+" + std::to_string(at.width);
}

std::string first_problem(const Problems& problems) {
  const auto sorted = problems.sorted();
  return sorted.empty() ? ""
                        : sorted[0].code + " " + std::to_string(sorted[0].at.line) + ":" +
                              std::to_string(sorted[0].at.column);
}

TEST(Source, KeepsFileOrderAndPlaces) {
  Problems problems;
  const auto root = parse_toml("b = 1\na.c = [\"x\", 2.5]\n[t]\n  k = true\n", 0, problems);
  ASSERT_TRUE(root);
  ASSERT_EQ(root->size(), 3u);
  EXPECT_EQ((*root)[0].key, "b");
  EXPECT_EQ(place((*root)[0].value.at), "1:5+1");
  const auto& dotted = *(*root)[1].value.get<Value::Table>();
  EXPECT_EQ(place(dotted[0].key_at), "2:3+1");
  const auto& list = *dotted[0].value.get<Value::List>();
  EXPECT_EQ(place(list[0].at), "2:8+3");
  EXPECT_EQ(place(list[1].at), "2:13+3");
  EXPECT_EQ(place((*root)[2].key_at), "3:2+1");
  EXPECT_EQ(place((*(*root)[2].value.get<Value::Table>())[0].key_at), "4:3+1");
}

TEST(Source, TabsAndCarriageReturnsCountAsTheyAreWritten) {
  Problems problems;
  const auto root = parse_toml("a = 1\r\n\tb =\t\"x\"\r\n", 0, problems);
  ASSERT_TRUE(root);
  EXPECT_EQ(place((*root)[1].key_at), "2:2+1");
  EXPECT_EQ(place((*root)[1].value.at), "2:6+3");
  EXPECT_EQ(source_text("f", "a = 1\r\n\tb\r\n").lines, (std::vector<std::string>{"a = 1", "\tb"}));
}

struct BadToml {
  const char* text;
  const char* problem;
};

class SourceRejects : public testing::TestWithParam<BadToml> {};

TEST_P(SourceRejects, WithThePlace) {
  Problems problems;
  EXPECT_FALSE(parse_toml(GetParam().text, 0, problems));
  EXPECT_EQ(first_problem(problems), GetParam().problem);
}

INSTANTIATE_TEST_SUITE_P(Toml, SourceRejects,
                         testing::Values(BadToml{"a = 1\nb = 2\na = 3\n", "S100 3:5"},
                                         BadToml{"[t]\n[t]\n", "S100 2:1"}, BadToml{"a = .5\n", "S100 1:5"},
                                         BadToml{"a = [1, 2\n", "S100 1:11"}, BadToml{"a = \n", "S100 1:5"},
                                         BadToml{"a = 99999999999999999999\n", "S100 1:25"},
                                         BadToml{"a = \"\xFF\"\n", "S100 1:5"}));

TEST(Source, AssignmentsAreTomlOrBareWords) {
  Problems problems;
  const auto parsed = [&](const std::string& text) { return parse_assignment(text, 1, problems); };
  EXPECT_EQ(*parsed("seed=3")->value.get<int64_t>(), 3);
  EXPECT_EQ(*parsed("train.lr = 4e-4")->value.get<double>(), 4e-4);
  EXPECT_EQ(*parsed("resources.device=cuda:0")->value.get<std::string>(), "cuda:0");
  EXPECT_EQ(*parsed("sweep.output=runs/x=y")->value.get<std::string>(), "runs/x=y");
  EXPECT_EQ(*parsed("a='quoted'")->value.get<std::string>(), "quoted");
  EXPECT_EQ(parsed("a=[1, 2]")->value.get<Value::List>()->size(), 2u);
  EXPECT_TRUE(*parsed("a=true")->value.get<bool>());
  EXPECT_EQ(parsed("train.lr = 4e-4")->key, "train.lr");
  EXPECT_EQ(place(parsed("train.lr = 4e-4")->value.at), "1:12+4");
  EXPECT_FALSE(problems.any_error());
}

TEST(Source, AssignmentsThatAreNone) {
  for (const char* text : {"seed", "=3", "seed=", "seed= ", "a=[1,", "a=\"x", "a=1\nb=2"}) {
    Problems problems;
    EXPECT_FALSE(parse_assignment(text, 1, problems)) << text;
    EXPECT_EQ(first_problem(problems), "S160 1:1") << text;
  }
}

TEST(Source, SameValueIsAboutSettings) {
  EXPECT_TRUE(same_value({{}, int64_t{2}}, {{}, 2.0}));
  EXPECT_TRUE(same_value({{}, 4e-5}, {{}, 0.00004}));
  EXPECT_FALSE(same_value({{}, int64_t{2}}, {{}, std::string("2")}));
  EXPECT_FALSE(same_value({{}, true}, {{}, std::string("true")}));
}

}  // namespace
}  // namespace umm::spec
