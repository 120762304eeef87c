#include "dpg/evidence.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "small_table.h"
#include "umm/error.h"

namespace umm::dpg {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

// Questions 4, 5, 6.
const Item& numbers() {
  static const Item item = read_csv(kSmallTable, "q.csv", Variant::fixed)[2];
  return item;
}

TEST(EvidenceText, HoldsEveryAnswerAsItCame) {
  const std::string text = evidence_text(numbers(), {{.text = "yes", .log_probability = -0.1},
                                                     {.text = "a \"red\" one\n", .yes_probability = 1e-300},
                                                     {.text = "yes\xFF"}});
  const Json answers = Json::parse(text)["answers"];
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0], (Json{{"question", 4}, {"answer", "yes"}, {"log_prob", -0.1}}));
  EXPECT_EQ(answers[1], (Json{{"question", 5}, {"answer", "a \"red\" one\n"}, {"p_yes", 1e-300}}));
  EXPECT_EQ(answers[2]["answer"], "yes\uFFFD");
  EXPECT_EQ(yes_answers(numbers(), text), (YesAnswers{true, false, false}));
  EXPECT_THROW(evidence_text(numbers(), {{.text = "yes"}}), Error);
}

std::string problem(const std::string& evidence) {
  try {
    yes_answers(numbers(), evidence);
  } catch (const Error& error) {
    return error.what();
  }
  return "no Error";
}

TEST(YesAnswers, RefuseOtherText) {
  for (const char* text :
       {"", "{}", "[]", R"({"answers": [{}, {}, {}]})", R"({"crops": [{"answers": []}]})",
        R"({"answers": [{"question": 4}, {"question": 5}, {"question": 6}]})",
        R"({"answers": [{"question": "4", "answer": "yes"}, {"question": 5, "answer": "no"}, {}]})"}) {
    EXPECT_THAT(problem(text), HasSubstr("collect this picture's evidence again")) << text;
  }
}

std::string answers(const std::vector<std::pair<int, std::string>>& list) {
  Json answers = Json::array();
  for (const auto& [question, answer] : list) answers.push_back({{"question", question}, {"answer", answer}});
  return Json{{"answers", answers}}.dump();
}

TEST(YesAnswers, StandInTheItemsOrder) {
  EXPECT_EQ(yes_answers(numbers(), answers({{4, "yes"}, {5, "no"}, {6, "yes"}})),
            (YesAnswers{true, false, true}));
  EXPECT_EQ(yes_answers(numbers(), answers({{6, "yes"}, {4, "Yes"}, {5, "no"}})),
            (YesAnswers{false, false, true}));
  EXPECT_THAT(problem(answers({{4, "yes"}, {5, "no"}})), HasSubstr("each of the 3 questions"));
  EXPECT_THAT(problem(answers({{4, "yes"}, {4, "no"}, {6, "no"}})), HasSubstr("question 4"));
  EXPECT_THAT(problem(answers({{4, "yes"}, {5, "no"}, {7, "no"}})), HasSubstr("question 7"));
}

}  // namespace
}  // namespace umm::dpg
