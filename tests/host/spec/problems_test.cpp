#include "spec/problems.h"

#include <gtest/gtest.h>

namespace umm::spec {
namespace {

TEST(Problems, NearestAllowsAThirdOfTheLengthInEdits) {
  EXPECT_EQ(nearest("stpes", {"steps", "precision"}), "steps");  // a swap is one edit
  EXPECT_EQ(nearest("rceA", {"reca", "sft"}), "reca");           // whatever the case
  EXPECT_EQ(nearest("sftt", {"reca", "sft"}), "sft");
  EXPECT_EQ(nearest("lr", {"ln", "wd"}), "ln");  // short words: one edit
  EXPECT_EQ(nearest("lr", {"wd"}), "");
  EXPECT_EQ(nearest("weight", {"wait"}), "");  // three edits of six letters
  EXPECT_EQ(nearest("anything", {}), "");
  EXPECT_EQ(nearest("updats", {"update", "updates"}), "update");  // the first of the nearest
}

TEST(Problems, RenderShowsTheLineAndCaretsUnderTheWord) {
  const std::vector<SourceText> sources = {source_text("a.toml", "one = 1\nstpes = 2\n")};
  const Problem problem{
      "S101", {0, 2, 1, 5}, "unknown key `stpes`", "did you mean `steps`?", {"known: steps"}};
  EXPECT_EQ(render(problem, sources),
            "error[S101]: unknown key `stpes`\n"
            "  --> a.toml:2:1\n"
            "   |\n"
            " 2 | stpes = 2\n"
            "   | ^^^^^ did you mean `steps`?\n"
            "   = known: steps");
}

TEST(Problems, RenderKeepsTabsAndCountsCodePoints) {
  const std::vector<SourceText> sources = {source_text("a.toml", "\tx = \"\xC3\xA4\xC3\xA4\" # y\r\n")};
  EXPECT_EQ(render({"S201", {0, 1, 11, 1}, "m", "", {}}, sources),
            "warning[S201]: m\n"
            "  --> a.toml:1:11\n"
            "   |\n"
            " 1 | \tx = \"\xC3\xA4\xC3\xA4\" # y\n"
            "   | \t         ^");
}

TEST(Problems, RenderManagesWithoutTheLine) {
  const std::vector<SourceText> sources = {source_text("a.toml", "")};
  EXPECT_EQ(render({"S100", {0, 7, 2, 1}, "m", "h", {"n"}}, sources),
            "error[S100]: m\n  --> a.toml:7:2\n   = h\n   = n");
}

TEST(Problems, SortedByPlaceAndKeptOnce) {
  Problems problems;
  problems.add({"S102", {0, 9, 1, 1}, "b", "", {}});
  problems.add({"S102", {1, 1, 1, 1}, "command line", "", {}});
  problems.add({"S101", {0, 2, 8, 1}, "a", "", {}});
  problems.add({"S101", {0, 2, 8, 1}, "a", "", {}});
  problems.add({"S201", {0, 2, 1, 1}, "warning", "", {}});
  EXPECT_TRUE(problems.any_error());
  const auto sorted = problems.sorted();
  ASSERT_EQ(sorted.size(), 4u);
  EXPECT_EQ(sorted[0].message, "warning");
  EXPECT_EQ(sorted[1].message, "a");
  EXPECT_EQ(sorted[2].message, "b");
  EXPECT_EQ(sorted[3].message, "command line");
}

TEST(Problems, WarningsAloneAreNoError) {
  Problems problems;
  problems.add({"S201", {}, "m", "", {}});
  EXPECT_FALSE(problems.any_error());
}

}  // namespace
}  // namespace umm::spec
