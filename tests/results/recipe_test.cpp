#include <gmock/gmock.h>

#include "results/protocol_difference.h"
#include "results/recipe_table.h"
#include "results/score_grids.h"
#include "results/table.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Values of one column; nullopt: missing.
RecipeTable column_of(const std::vector<double>& values, Better better, int digits = 1) {
  RecipeTable table;
  table.recipe.columns = {{.place = "",
                           .name = "x",
                           .digits = digits,
                           .better = better,
                           .best = Emphasis::kBold,
                           .second_best = Emphasis::kUnderline}};
  for (double value : values) {
    table.recipe.rows.push_back({.place = "", .name = std::to_string(value)});
    table.cells.push_back({RecipeCell{.measured = value}});
  }
  emphasize(table);
  return table;
}

std::string emphases(const RecipeTable& table) {
  std::string text;
  for (const auto& row : table.cells) {
    text += row[0].measured_emphasis == Emphasis::kBold        ? 'b'
            : row[0].measured_emphasis == Emphasis::kUnderline ? 'u'
                                                               : '.';
  }
  return text;
}

TEST(Recipe, WhatLooksAlikeIsMarkedAlike) {
  EXPECT_EQ(emphases(column_of({1.0, 3.01, 2.0, 3.04}, Better::kHigher)), ".bub");
  EXPECT_EQ(emphases(column_of({1.0, 3.01, 2.0, 3.04}, Better::kHigher, 2)), ".u.b");
  EXPECT_EQ(emphases(column_of({1.0, 3.0, 2.0}, Better::kLower)), "b.u");
  EXPECT_EQ(emphases(column_of({2.0, 2.0}, Better::kHigher)), "..");
  EXPECT_EQ(emphases(column_of({-1.0, -2.0}, Better::kHigher)), "bu");
}

TEST(Recipe, NoNumberIsMinusZero) {
  const RecipeColumn column{.place = "", .name = "x", .digits = 1};
  EXPECT_EQ(printed(-0.04, column), "0.0");
  EXPECT_EQ(printed(-0.06, column), "-0.1");
}

TEST(Recipe, ReportedValuesAreRankedWhereNothingIsMeasured) {
  RecipeTable table = column_of({}, Better::kHigher);
  table.recipe.rows.resize(3);
  table.cells = {{RecipeCell{.reported = 5.0}}, {RecipeCell{.reported = 6.0}}, {RecipeCell{}}};
  emphasize(table);
  EXPECT_EQ(table.cells[1][0].reported_emphasis, Emphasis::kBold);
  table.cells[2][0].measured = 1.0;
  table.cells[1][0].reported_emphasis = Emphasis::kNone;
  emphasize(table);
  EXPECT_EQ(table.cells[1][0].reported_emphasis, Emphasis::kNone);
}

TEST(Recipe, ACommentCannotBeEndedFromWithin) {
  const RecipeTable table = column_of({1.0}, Better::kHigher);
  const std::string html = render(table, RecipeFormat::kHtml, {"a --> b\n<script>"});
  EXPECT_THAT(html, HasSubstr("a - -> b <script>\n-->"));
  EXPECT_THAT(render(table, RecipeFormat::kLatex, {"a\n\\input{b}"}), HasSubstr("% a \\input{b}\n"));
}

TEST(Recipe, LatexWritesTheSignOfEveryNumberAsAMinus) {
  RecipeTable table = column_of({-0.5}, Better::kHigher);
  table.recipe.columns[0].interval = IntervalStyle::kBrackets;
  table.cells[0][0].interval = Interval{-0.75, -0.25};
  EXPECT_THAT(render(table, RecipeFormat::kLatex, {}), HasSubstr("$-$0.5 {[}$-$0.8, $-$0.2{]}"));
  EXPECT_THAT(render(table, RecipeFormat::kMarkdown, {}), HasSubstr("-0.5 \\[-0.8, -0.2\\]"));
}

TEST(Recipe, LatexHasEveryCharacterOrSaysWhichItLacks) {
  RecipeTable table = column_of({1.0}, Better::kHigher);
  table.recipe.rows[0] = {.place = "t.toml:7:1", .name = "*\u0394\u2713 \u00e9\u0151"};
  EXPECT_THAT(render(table, RecipeFormat::kLatex, {}),
              HasSubstr("\\midrule\n{}*$\\Delta$$\\surd$ \u00e9\u0151 & 1.0"));
  for (const char* name : {"\u6f22", "\u0111", "\U0001F600"}) {
    table.recipe.rows[0].name = name;
    EXPECT_THAT(error_of([&] { render(table, RecipeFormat::kLatex, {}); }),
                testing::AllOf(testing::StartsWith("t.toml:7:1: "), HasSubstr(std::string("no `") + name)));
  }
  table.recipe.rows[0].name = "\xff";
  EXPECT_THAT(error_of([&] { render(table, RecipeFormat::kLatex, {}); }), HasSubstr("not UTF-8"));
}

// An error of a run is not the author's to write otherwise.
TEST(Recipe, LatexHasNotesWhateverTheyHold) {
  RecipeTable table = column_of({1.0}, Better::kHigher);
  table.cells[0][0].reported = 2.0;
  table.cells[0][0].reported_where = "\u6f22 (v1)";
  table.notes = {"x, seed 2: failed: /home/\u6f22/\u00e9_\U0001F600 \xff \xe6\xbc --no---yes"};
  const std::string text = render(table, RecipeFormat::kLatex, {});
  EXPECT_THAT(text, HasSubstr("x, seed 2: failed: /home/?/\u00e9\\_? ? ?? -{}-no-{}-{}-yes\n"));
  EXPECT_THAT(text, HasSubstr("not measured here: ? (v1)."));
}

TEST(Recipe, ALineBreakInANameBreaksNoRow) {
  RecipeTable table = column_of({1.0}, Better::kHigher);
  table.recipe.rows[0].name = "a\nb";
  for (const auto format : {RecipeFormat::kText, RecipeFormat::kMarkdown, RecipeFormat::kLatex})
    EXPECT_THAT(render(table, format, {}), HasSubstr("a b"));
}

TEST(Recipe, HtmlHoldsNothingThatIsNotText) {
  RecipeTable table = column_of({1.0}, Better::kHigher);
  table.recipe.rows[0].name = "Show-o's <b>\x01\xff";
  const std::string html = render(table, RecipeFormat::kHtml, {});
  EXPECT_THAT(html, HasSubstr("Show-o&#39;s &lt;b&gt;\uFFFD\uFFFD</th>"));
}

TEST(Recipe, AMetricIsFoundInItsPictures) {
  TemporaryFolder folder;
  const Store store = open_small_database(folder);
  const std::string evaluation = small_evaluation("reca0").identity;  // 8, 6 and 5 of 8 pictures are right
  const Prompts prompts = read_prompts(store, evaluation);
  const ScoreGrid grid{3, prompts.tag_of_prompt, {read_pictures(store, prompts, evaluation)}};
  EXPECT_DOUBLE_EQ(overall(*grid_of_metric(grid, prompts.tags, "counting", {0.75})), 0.75);
  EXPECT_DOUBLE_EQ(overall(*grid_of_metric(grid, prompts.tags, "overall", {19.0 / 24})), 19.0 / 24);
  EXPECT_FALSE(grid_of_metric(grid, prompts.tags, "counting", {0.5}));
  EXPECT_FALSE(grid_of_metric(grid, prompts.tags, "any_correct", {0.9}));
}

// Where nothing is right every mean is zero: the other rows say which one is meant.
TEST(Recipe, AMetricHasOneFormForAllRows) {
  const ScoreGrid zero{2, {0, 0, 1}, {{{0}, {0}, {0}}}}, some{2, {0, 0, 1}, {{{1}, {0}, {1}}}};
  const auto grids = grids_of_metric({zero, some, std::nullopt, some}, {"a", "b"}, "overall",
                                     {{0.0}, {2.0 / 3}, {}, {0.75}});
  ASSERT_TRUE(grids[0] && !grids[1] && !grids[2] && grids[3]);
  EXPECT_EQ(grids[0]->num_tags, 2) << "as many rows are means over tags, which come first";
  const auto means = grids_of_metric({zero, some}, {"a", "b"}, "overall", {{0.0}, {2.0 / 3}});
  ASSERT_TRUE(means[0] && means[1]);
  EXPECT_EQ(means[0]->tag_of_prompt, means[1]->tag_of_prompt);
  EXPECT_EQ(means[0]->num_tags, 1);
}

Recipe small_recipe(const std::vector<std::string>& labels) {
  Recipe recipe;
  for (const auto& label : labels)
    recipe.rows.push_back(
        {.place = "t.toml:1:1", .name = label, .sweep = "small", .label = label, .baseline = labels.back()});
  recipe.columns = {{.place = "t.toml:2:1",
                     .name = "overall",
                     .benchmark = "geneval",
                     .metric = "overall",
                     .interval = IntervalStyle::kBrackets}};
  return recipe;
}

TEST(Recipe, ACellHasTheIntervalOfTheSweepsTable) {
  TemporaryFolder folder;
  const Store store = open_small_database(folder);
  const RecipeTable recipe = fill_recipe(small_recipe({"reca", "base"}), &store, {});
  const Table table = build_tables(store, "small")[0];
  ASSERT_EQ(table.rows[2].label, "reca");
  EXPECT_EQ(recipe.cells[0][0].interval->low, table.rows[2].interval->low);
  EXPECT_EQ(recipe.cells[0][0].interval->high, table.rows[2].interval->high);
  EXPECT_EQ(recipe.cells[1][0].interval->low, table.rows[0].interval->low);
  EXPECT_TRUE(recipe.cells[0][0].p);
}

TEST(Recipe, ATestThatIsLeftOutIsNoted) {
  TemporaryFolder folder;
  Store store = open_small_database(folder);
  store.put_run(small_run("new", 0), small_stages("new", 0));
  const RecipeTable table = fill_recipe(small_recipe({"reca", "new"}), &store, {});
  EXPECT_FALSE(table.cells[0][0].p);
  EXPECT_THAT(table.notes,
              testing::Contains("reca: overall: not tested, for new has nothing there to test against"));
}

TEST(ProtocolDifference, NamesSettingsAndValues) {
  const auto found = differing_settings(R"({"images":4,"options":{"threshold":0.3,"kept":1},"judge":"a"})",
                                        R"({"images":12,"options":{"threshold":0.3,"kept":1}})");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].setting + ": " + found[0].a + " " + found[0].b, "images: 4 12");
  EXPECT_EQ(found[1].setting + ": " + found[1].a + " " + found[1].b, "judge: a unset");
  EXPECT_THAT(differing_settings("a = 1\nb = 2", "b=2\n\na = 1\n"), IsEmpty());
  EXPECT_EQ(differing_settings("a = 1", "a = 2")[0].setting, "a");
}

}  // namespace
}  // namespace umm::results
