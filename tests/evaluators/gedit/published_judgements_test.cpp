#include "gedit/published_judgements.h"

#include <gmock/gmock.h>

#include "../problem.h"
#include "gedit/rules.h"
#include "judge_evidence.h"

namespace umm::gedit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

std::string line(const std::string& model, const std::string& item, const std::string& sc) {
  return R"({"model": ")" + model + R"(", "item": ")" + item + R"(", "instruction": "do", "SC": {"score": )" +
         sc + R"(}, "PQ": {"score": [1], "reasoning": "r"}})" + "\n";
}

ItemScore score_of_log(const std::string& evidence) {
  return score(evaluators::parse_judge_evidence(evidence, kRoles));
}

TEST(Judgements, AreOneLogForEachModel) {
  const auto logs = read_judgements(
      line("m", "i", "[9, 4]") + "\n" + line("n", "i", "[0]") + line("m", "j", "[-4]"), "log");
  ASSERT_EQ(logs.size(), 2U);
  EXPECT_EQ(logs[0].label, "m");
  EXPECT_EQ(logs[1].label, "n");
  ASSERT_EQ(logs[0].items.size(), 2U);
  EXPECT_EQ(logs[0].items[0].id, "i");
  EXPECT_EQ(logs[0].items[0].prompt, "do");
  const ItemScore good = score_of_log(logs[0].evidence[0]);
  EXPECT_EQ(good.value, 2);
  EXPECT_THAT(good.components, ElementsAre(Pair("SC", 4), Pair("PQ", 1)));
  EXPECT_EQ(score_of_log(logs[0].evidence[1]).status, ScoreStatus::unparsable);
}

TEST(Judgements, NameTheirLine) {
  const auto problem = [](const std::string& text) -> std::string {
    return testing::problem([&] { read_judgements(text, "log"); });
  };
  EXPECT_THAT(problem(""), HasSubstr("log: expected judgements"));
  EXPECT_THAT(problem("\n{}"), HasSubstr("log:2: expected a \"model\""));
  EXPECT_THAT(problem(R"({"model": "m", "item": "i", "instruction": "do", "SC": [4]})"),
              HasSubstr("log:1: expected a judgement {\"score\": [...]} under \"SC\""));
  EXPECT_THAT(problem(line("m", "i", "[9]") + line("m", "i", "[9]")),
              HasSubstr("log:2: m's picture of i was judged before"));
}

TEST(Ratings, AreReadFromATable) {
  const auto ratings = read_rating_table("uid\tA\tB\r\nx\t[0, 0.5]\t[1,1]\r\ny\t[0.5,0.5]\t[0,0]", "table");
  ASSERT_EQ(ratings.size(), 4U);
  EXPECT_EQ(ratings[0].label, "A");
  EXPECT_EQ(ratings[0].item_id, "x");
  EXPECT_THAT(ratings[0].components, ElementsAre(Pair("SC", 0), Pair("PQ", 0.5), Pair("overall", 0)));
  EXPECT_THAT(ratings[2].components, ElementsAre(Pair("SC", 0.5), Pair("PQ", 0.5), Pair("overall", 0.5)));
}

TEST(Ratings, NameTheirLine) {
  const auto problem = [](const std::string& table) -> std::string {
    return testing::problem([&] { read_rating_table(table, "table.tsv"); });
  };
  EXPECT_THAT(problem(""), HasSubstr("expected ratings, found none"));
  EXPECT_THAT(problem("item\tA"), HasSubstr("table.tsv:1: expected the heads uid"));
  EXPECT_THAT(problem("uid\tA\nx"), HasSubstr("table.tsv:2: expected 2 cells as in the head, found 1"));
  EXPECT_THAT(problem("uid\tA\nx\t[1]"), HasSubstr("table.tsv:2: A: expected a rating [SC, PQ], found [1]"));
  EXPECT_THAT(problem("uid\tA\nx\t[1,2]"), HasSubstr("to be 0, 0.5 or 1, found 2"));
  EXPECT_THAT(problem("uid\tA\tB\tA\nx\t[1,1]\t[1,1]\t[0,0]"),
              HasSubstr("table.tsv:1: expected each model once, found two columns A"));
  EXPECT_THAT(problem("uid\tA\nx\t[1,1]\nx\t[1,1]"), HasSubstr("table.tsv:3: the item x was rated before"));
}

}  // namespace
}  // namespace umm::gedit
