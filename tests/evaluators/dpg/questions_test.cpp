#include "dpg/questions.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "../problem.h"
#include "small_table.h"

namespace umm::dpg {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::problem;

std::string csv_problem(const std::string& rows, Variant variant = Variant::fixed) {
  return problem([&] { read_csv(kColumns + rows, "q.csv", variant); });
}

std::string json_problem(const std::string& text) {
  return problem([&] { read_json_lines(text, "q.jsonl", Variant::fixed); });
}

TEST(ReadCsv, ReadsItemsAndQuestions) {
  const auto items = read_csv(kSmallTable, "q.csv", Variant::fixed);
  ASSERT_EQ(items.size(), 5U);
  EXPECT_EQ(items[0].id, "car");
  EXPECT_EQ(items[0].prompt, "A red car");
  EXPECT_TRUE(items[0].is_first);
  EXPECT_FALSE(items[1].is_first);
  EXPECT_EQ(items[0].questions[1].text, "Is the car red?");
  EXPECT_EQ(items[0].questions[1].category, "attribute - color");
  EXPECT_EQ(items[0].questions[1].broad_category, "attribute");
  EXPECT_THAT(items[0].questions[0].parents, IsEmpty());
  EXPECT_THAT(items[0].questions[1].parents, ElementsAre(0));
  EXPECT_EQ(items[2].id, "007") << "ids are text";
  EXPECT_EQ(items[2].questions[0].id, 4);
  EXPECT_THAT(items[2].questions[0].parents, ElementsAre(1, 2)) << "parents may stand below";
  EXPECT_EQ(items[3].questions[0].category, "global -") << "the text before the bracket, as published";
  EXPECT_EQ(items[3].questions[0].broad_category, "global");
  EXPECT_EQ(items[4].questions[1].text, "Does it say \"hi\"?");
}

TEST(ReadCsv, NamesThePlaceOfWhatIsWrong) {
  const std::string a1 = "a,A,,1,0,,,entity (x),X?\n";
  EXPECT_THAT(csv_problem(""), HasSubstr("q.csv: expected a row per question"));
  EXPECT_THAT(csv_problem(a1 + a1),
              HasSubstr("q.csv:3: question 1 of this prompt is there twice, first at q.csv:2"));
  EXPECT_THAT(csv_problem(a1 + "b,B,,1,0,,,entity,X?\na,A,,2,0,,,entity,X?\n"),
              HasSubstr("q.csv:4: the prompt \"a\" is there twice, with other prompts between"));
  EXPECT_THAT(csv_problem(a1 + "a,A,,2,3,,,entity,X?\n"),
              HasSubstr("q.csv:3: question 2 depends on question 3, which this prompt has not"));
  EXPECT_THAT(csv_problem("a,A,,one,0,,,entity,X?\n"),
              HasSubstr("q.csv:2: expected proposition_id to be a number"));
  EXPECT_THAT(csv_problem("a,A,,1,,,,entity,X?\n"),
              HasSubstr("expected dependency to be a number of a question"));
  EXPECT_THAT(csv_problem("a,A,,1,\"0,x\",,,entity,X?\n"), HasSubstr("dependency"));
  EXPECT_THAT(csv_problem("a,A,,1,-1,,,entity,X?\n"), HasSubstr("found \"-1\""));
  EXPECT_THAT(csv_problem("a,A,,1,0,,, (x),X?\n"), HasSubstr("expected tuple to name a category"));
  EXPECT_THAT(csv_problem("a,A,,1,0,,,entity (x),\n"), HasSubstr("q.csv:2: expected a text and a question"));
  EXPECT_THAT(csv_problem("a,,,1,0,,,entity (x),X?\n"), HasSubstr("q.csv:2: expected a text and a question"));
  EXPECT_THAT(csv_problem(",A,,1,0,,,entity,X?\n"), HasSubstr("expected an item_id"));
  EXPECT_THAT(problem([] { read_csv("item_id,text\n", "q.csv", Variant::fixed); }),
              HasSubstr("expected a column proposition_id"));
}

TEST(ReadCsv, RefusesCirclesUnlessAsPublished) {
  const std::string circle = "a,A,,1,3,,,entity,X?\na,A,,2,1,,,entity,X?\na,A,,3,2,,,entity,X?\n";
  EXPECT_THAT(csv_problem(circle),
              HasSubstr("which depends on it in turn: dependencies must not form a circle"));
  EXPECT_THAT(csv_problem("a,A,,1,1,,,entity,X?\n"), HasSubstr("q.csv:2: question 1 depends on question 1"));
  EXPECT_EQ(csv_problem(circle, Variant::reference), "no InputError");
  const std::string diamond =
      "a,A,,1,0,,,entity,X?\na,A,,2,1,,,entity,X?\na,A,,3,1,,,entity,X?\na,A,,4,\"2,3\",,,entity,X?\n";
  EXPECT_EQ(csv_problem(diamond), "no InputError");
}

TEST(ReadJsonLines, ReadsTheSame) {
  std::string one_line = R"json({"item_id": "007", "text": "Numbers", "questions": [
    {"proposition_id": 4, "dependency": [5], "tuple": "relation - spatial (x)", "question": "Above?"},
    {"proposition_id": 5, "dependency": [0], "tuple": "entity - whole (y)", "question": "A y?"}]})json";
  std::erase(one_line, '\n');
  const auto items = read_json_lines(one_line + "\n\n", "q.jsonl", Variant::fixed);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].id, "007");
  EXPECT_TRUE(items[0].is_first);
  EXPECT_THAT(items[0].questions[0].parents, ElementsAre(1));
  EXPECT_EQ(items[0].questions[1].category, "entity - whole");
  EXPECT_THAT(json_problem(one_line + "\n" + one_line),
              HasSubstr("q.jsonl:2: questions[0]: the prompt \"007\" is there twice"));
}

TEST(JsonLine, IsReadAsTheSameItemWhereverItStands) {
  std::string lines;
  auto items = read_csv(kSmallTable, "q.csv", Variant::fixed);
  items[2].blob = kPublishedBlob;
  std::reverse(items.begin(), items.end());
  for (const Item& item : items) lines += json_line(item) + "\n";
  const auto again = read_json_lines(lines, "q.jsonl", Variant::fixed);
  ASSERT_EQ(again.size(), items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(json_line(again[i]), json_line(items[i]));
    EXPECT_EQ(again[i].is_first, items[i].is_first) << i;
    EXPECT_EQ(again[i].blob, items[i].blob) << i;
    EXPECT_EQ(again[i].questions.back().parents, items[i].questions.back().parents) << i;
    EXPECT_EQ(again[i].questions.back().category, items[i].questions.back().category) << i;
  }
  EXPECT_TRUE(again.back().is_first);
}

TEST(ReadJsonLines, NamesThePlaceOfWhatIsWrong) {
  const auto with = [](const std::string& question) {
    return R"({"item_id": "a", "text": "A", "questions": [)" + question + "]}";
  };
  EXPECT_THAT(json_problem("\n{"), HasSubstr("q.jsonl:2: expected one JSON object, found broken JSON"));
  EXPECT_THAT(json_problem("\n"), HasSubstr("q.jsonl: expected one JSON object per prompt, found none"));
  EXPECT_THAT(json_problem("[]"), HasSubstr("q.jsonl:1: expected an object with \"item_id\""));
  EXPECT_THAT(json_problem(R"({"item_id": 7})"), HasSubstr("expected \"item_id\" to be text, found 7"));
  EXPECT_THAT(json_problem(R"({"item_id": "a", "text": "A", "first": 1})"),
              HasSubstr("expected \"first\" to be true or false, found 1"));
  EXPECT_THAT(json_problem(with("")),
              HasSubstr("expected \"questions\" to be a list that is not empty, found []"));
  EXPECT_THAT(json_problem(with("3")), HasSubstr("q.jsonl:1: questions[0]: expected an object"));
  EXPECT_THAT(json_problem(with(R"({"question": "X?", "tuple": "e"})")), HasSubstr("proposition_id"));
  EXPECT_THAT(json_problem(with(R"({"question": "X?", "tuple": "e", "proposition_id": 1.5})")),
              HasSubstr("found 1.5"));
  EXPECT_THAT(
      json_problem(with(R"({"question": "X?", "tuple": "e", "proposition_id": 1, "dependency": "0"})")),
      HasSubstr("expected \"dependency\" to be a list"));
  EXPECT_THAT(json_problem(detail::concat(std::string(1'000'000, '['))), HasSubstr("at most 64 levels"));
}

TEST(Published, IsKnownByItsBlob) {
  EXPECT_THAT(problem([] { expect_published(kSmallTable, "q.csv"); }),
              HasSubstr("git blob 98457fc9901943f51ff9a30367250fc292533bed, found blob "));
}

TEST(ReadCsv, TakesMegabytesOfAnything) {
  const std::string commas(1'000'000, ','), zeros(1'000'000, '\0');
  EXPECT_THAT(csv_problem(detail::concat("a,A,,1,\"", commas, "\",,,entity,X?\n")), HasSubstr("dependency"));
  EXPECT_THAT(csv_problem(detail::concat(zeros, "\n")), HasSubstr("expected 9 fields"));
  EXPECT_EQ(csv_problem("\xFF,A\xC3,,1,0,,,entity \x80(,\xF0\n"), "no InputError");
  // A chain as long as the file: neither recursion nor a search per question.
  std::string chain;
  for (int i = 1; i <= 100'000; ++i)
    chain += "a,A,," + std::to_string(i) + "," + std::to_string(i - 1) + ",,,e,X?\n";
  EXPECT_EQ(csv_problem(chain), "no InputError");
}

}  // namespace
}  // namespace umm::dpg
